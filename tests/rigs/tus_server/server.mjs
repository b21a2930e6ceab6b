// A plain tus server, as small studios run it: folder, token and port come as arguments; the port is printed.
import {FileStore} from '@tus/file-store'
import {Server} from '@tus/server'

const [folder, token, port] = process.argv.slice(2)

const server = new Server({
  path: '/files',
  datastore: new FileStore({directory: folder}),
  maxSize: 512 * 1024 * 1024,
  async onIncomingRequest(request) {
    if (token && request.headers.get('authorization') !== `Bearer ${token}`) {
      throw {status_code: 401, body: 'sign in first'}
    }
  },
})

const listener = server.listen(Number(port ?? 0), '127.0.0.1', () => {
  console.log(JSON.stringify({port: listener.address().port}))
})
