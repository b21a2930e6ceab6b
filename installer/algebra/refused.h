/* LAPACK: each function says by its last argument that it found nothing, and NumPy raises LinAlgError.
 *
 * The program solves nothing and decomposes nothing with NumPy (tests/architecture/test_architecture_algebra.py): a
 * straight line and two unknowns need none of it. The numbers of arguments are those of LAPACK 3.
 */
#define A1 void *a
#define A4 A1, void *b, void *c, void *d
#define A5 A4, void *e
#define A7 A5, void *f, void *g
#define A8 A7, void *h
#define A10 A8, void *i, void *j
#define A12 A10, void *k, void *l
#define A13 A12, void *m
#define A14 A13, void *n

#define REFUSED(name, ...) \
    OFFERED void JOINED(JOINED(scipy_, name), _64_)(__VA_ARGS__, whole *info) { *info = 1; }

#define OF_EACH(name, ...) \
    REFUSED(JOINED(s, name), __VA_ARGS__) REFUSED(JOINED(d, name), __VA_ARGS__) \
    REFUSED(JOINED(c, name), __VA_ARGS__) REFUSED(JOINED(z, name), __VA_ARGS__)

OF_EACH(getrf, A5)
OF_EACH(gesv, A7)
OF_EACH(potrf, A4)
OF_EACH(geev, A13)
OF_EACH(geqrf, A7)
REFUSED(sgelsd, A13)
REFUSED(dgelsd, A13)
REFUSED(cgelsd, A14)
REFUSED(zgelsd, A14)
REFUSED(sgesdd, A13)
REFUSED(dgesdd, A13)
REFUSED(cgesdd, A14)
REFUSED(zgesdd, A14)
REFUSED(ssyevd, A10)
REFUSED(dsyevd, A10)
REFUSED(cheevd, A12)
REFUSED(zheevd, A12)
REFUSED(sorgqr, A8)
REFUSED(dorgqr, A8)
REFUSED(cungqr, A8)
REFUSED(zungqr, A8)
