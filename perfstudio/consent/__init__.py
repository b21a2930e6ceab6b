"""Consent: per take and per use, signed, bound to the take's hashes, only ever appended to.

`record` makes and changes records (`sign`, `withdraw`, `renew`) and answers what they allow (`covers`, `require`);
`verify` names the first thing that is wrong with one; `receipt` writes what the performer keeps; `keys` opens the one
signing key of this installation (`vault` the system keyring, `keyfile` the passphrase-protected file, `jws` the
signature itself).

A record proves that nothing changed since this installation wrote it. It does not prove who sat there, and someone
who holds the key can write a whole new chain: only a studio that has seen the record's digest (it travels with every
delivery) can tell.
"""
