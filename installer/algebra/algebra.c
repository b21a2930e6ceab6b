/* The algebra that NumPy's wheels are linked with, as much as is called of it: products and sums of products.
 *
 * OpenBLAS brings every function of BLAS and LAPACK for every processor, 28 MB; NumPy asks for these 22 of BLAS, in four
 * kinds of numbers, and for 35 of LAPACK, which refuse (refused.h). Names, order and meaning of arguments are CBLAS's,
 * with whole numbers of 64 bits. Made by ../algebra.py; held against NumPy's own by
 * tests/architecture/test_architecture_algebra.py.
 */
#include <complex.h>
#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define OFFERED __declspec(dllexport)
#else
#define OFFERED __attribute__((visibility("default")))
#endif

typedef int64_t whole;

enum { BY_ROWS = 101, BY_COLUMNS = 102, PLAIN = 111, TURNED = 112, TURNED_CONJUGATE = 113, UPPER = 121, LOWER = 122 };

#define TILE 6     /* rows of a tile that lies in registers; it is two vectors wide */
#define DEPTH 256  /* of a tile: a panel stays in the nearest cache */
#define BLOCK 510  /* rows of the left matrix that are gone through for one panel */
#define CORNER 32  /* rows of a triangle that are worked out as a square */

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define SWAP(type, a, b) do { type kept_ = a; a = b; b = kept_; } while (0)

#if defined(__x86_64__)
#define HAS_WIDE 1
static int is_wide(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

/* Two real kinds: in vectors, and on x86-64 a second time for processors with AVX2. */
#define T float
#define LETTER s
#define LANES 8
#include "kind.h"
#define T double
#define LETTER d
#define LANES 4
#include "kind.h"

/* Two complex kinds, number by number: no check of ours multiplies matrices of them. */
#define IS_COMPLEX 1
#define T float complex
#define LETTER c
#define LANES 1
#include "kind.h"
#define T double complex
#define LETTER z
#define LANES 1
#include "kind.h"

#include "refused.h"
