/* All of it for one kind of number: T, its LETTER in names, how many stand in a vector (LANES). */

#define OWN(name) JOINED(JOINED(LETTER, _), name)
#define OFFER(name) JOINED(JOINED(scipy_cblas_, LETTER), name)
#define V JOINED(LETTER, _vector)
#define V_ANYWHERE JOINED(LETTER, _vector_anywhere)

#ifdef IS_COMPLEX
typedef T V;
typedef T V_ANYWHERE;
#define SCALAR const void *
#define VALUE(scalar) (*(const T *)(scalar))
#define CONJUGATE_IF(asked, number) ((asked) ? (T)conj(number) : (number))
#else
typedef T V __attribute__((vector_size(LANES * sizeof(T))));
typedef T V_ANYWHERE __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T)), may_alias));
#define SCALAR T
#define VALUE(scalar) (scalar)
#define CONJUGATE_IF(asked, number) ((void)(asked), (number))
#endif

#define TARGET
#define K(name) JOINED(OWN(name), _anywhere)
#include "kernel.h"
#if defined(HAS_WIDE) && !defined(IS_COMPLEX)
#define TARGET __attribute__((target("avx2,fma")))
#define K(name) JOINED(OWN(name), _wide)
#include "kernel.h"
#define CALL(name, ...) (is_wide() ? JOINED(OWN(name), _wide)(__VA_ARGS__) : JOINED(OWN(name), _anywhere)(__VA_ARGS__))
#else
#define CALL(name, ...) JOINED(OWN(name), _anywhere)(__VA_ARGS__)
#endif

/* A matrix: the number of row i and column j stands at numbers[i down + j across]. */
typedef struct {
    const T *numbers;
    whole down, across;
    int conjugate;
} OWN(matrix);

static OWN(matrix) OWN(seen)(int order, int turn, const T *numbers, whole apart) {
    int turned = (turn != PLAIN) != (order == BY_COLUMNS);
    return (OWN(matrix)){numbers, turned ? 1 : apart, turned ? apart : 1, turn == TURNED_CONJUGATE};
}

/* A vector's first number: with a negative step it is the last in memory. */
static whole OWN(first)(whole n, whole step) { return step < 0 ? (1 - n) * step : 0; }

/* c = factor c; what is multiplied by nothing is nothing, whatever stood there. */
static void OWN(scale)(whole n, T factor, T *c, whole step) {
    if (factor == (T)1) return;
    for (whole at = 0; at < n; at++) c[at * step] = factor == (T)0 ? (T)0 : factor * c[at * step];
}

/* The part of the right matrix from (k, j): `depth` rows of 2 LANES numbers, nought where it ends. */
static void OWN(pack)(OWN(matrix) b, whole k, whole j, whole depth, whole width, T *panel) {
    for (whole row = 0; row < depth; row++)
        for (whole column = 0; column < 2 * LANES; column++) {
            T number = column < width ? b.numbers[(k + row) * b.down + (j + column) * b.across] : 0;
            panel[row * 2 * LANES + column] = CONJUGATE_IF(b.conjugate, number);
        }
}

/* Rows i to i + count of c += alpha a times a panel that stands for rows k and columns j of the right matrix. */
static void OWN(rows)(whole i, whole count, whole k, whole depth, whole j, whole width, T alpha, OWN(matrix) a,
                      const T *panel, T *c, whole apart) {
    T out[TILE * 2 * LANES];
    for (whole from = i; from < i + count; from += TILE) {
        const T *rows[TILE];
        whole held = i + count - from < TILE ? i + count - from : TILE;
        for (whole row = 0; row < TILE; row++)
            rows[row] = a.numbers + (from + (row < held ? row : 0)) * a.down + k * a.across;
        CALL(tile, depth, rows, a.across, a.conjugate, panel, out);
        for (whole row = 0; row < held; row++)
            for (whole column = 0; column < width; column++)
                c[(from + row) * apart + j + column] += alpha * out[row * 2 * LANES + column];
    }
}

/* c += alpha a b, m by k times k by n; a row of c is one behind the other, rows are `apart`. */
static void OWN(multiply)(whole m, whole n, whole k, T alpha, OWN(matrix) a, OWN(matrix) b, T *c, whole apart) {
    T panel[DEPTH * 2 * LANES];
    for (whole i = 0; i < m; i += BLOCK)
        for (whole from = 0; from < k; from += DEPTH)
            for (whole j = 0; j < n; j += 2 * LANES) {
                whole depth = k - from < DEPTH ? k - from : DEPTH, width = n - j < 2 * LANES ? n - j : 2 * LANES;
                OWN(pack)(b, from, j, depth, width, panel);
                OWN(rows)(i, m - i < BLOCK ? m - i : BLOCK, from, depth, j, width, alpha, a, panel, c, apart);
            }
}

OFFERED void OFFER(gemm64_)(int order, int turn_a, int turn_b, whole m, whole n, whole k, SCALAR alpha, const void *a,
                            whole apart_a, const void *b, whole apart_b, SCALAR beta, void *c, whole apart) {
    if (order == BY_COLUMNS) { /* the turned product is the product of the turned, in the other order */
        SWAP(int, turn_a, turn_b);
        SWAP(whole, m, n);
        SWAP(const void *, a, b);
        SWAP(whole, apart_a, apart_b);
    }
    for (whole i = 0; i < m; i++) OWN(scale)(n, VALUE(beta), (T *)c + i * apart, 1);
    OWN(multiply)(m, n, k, VALUE(alpha), OWN(seen)(BY_ROWS, turn_a, a, apart_a), OWN(seen)(BY_ROWS, turn_b, b, apart_b),
                  c, apart);
}

OFFERED void OFFER(gemv64_)(int order, int turn, whole m, whole n, SCALAR alpha, const void *numbers, whole apart,
                            const void *x_first, whole step_x, SCALAR beta, void *y_first, whole step_y) {
    OWN(matrix) a = OWN(seen)(order, turn, numbers, apart);
    if (turn != PLAIN) SWAP(whole, m, n);
    const T *x = (const T *)x_first + OWN(first)(n, step_x);
    T *y = (T *)y_first + OWN(first)(m, step_y);
    OWN(scale)(m, VALUE(beta), y, step_y);
    if (a.across == 1 && step_x == 1 && !a.conjugate) {
        for (whole i = 0; i < m; i++) y[i * step_y] += VALUE(alpha) * CALL(dot, n, a.numbers + i * a.down, x);
    } else if (a.down == 1 && step_y == 1 && !a.conjugate) {
        for (whole j = 0; j < n; j++) CALL(add, m, VALUE(alpha) * x[j * step_x], a.numbers + j * a.across, y);
    } else {
        for (whole i = 0; i < m; i++) {
            T sum = 0;
            for (whole j = 0; j < n; j++)
                sum += CONJUGATE_IF(a.conjugate, a.numbers[i * a.down + j * a.across]) * x[j * step_x];
            y[i * step_y] += VALUE(alpha) * sum;
        }
    }
}

/* One triangle of c = alpha a a' + beta c; the other one is not touched. */
OFFERED void OFFER(syrk64_)(int order, int triangle, int turn, whole n, whole k, SCALAR alpha, const void *numbers,
                            whole apart_a, SCALAR beta, void *c, whole apart) {
    int upper = (triangle == UPPER) != (order == BY_COLUMNS);
    OWN(matrix) a = OWN(seen)(order, turn == PLAIN ? PLAIN : TURNED, numbers, apart_a);
    T corner[CORNER * CORNER];
    for (whole i = 0; i < n; i += CORNER) {
        whole held = n - i < CORNER ? n - i : CORNER, from = upper ? i + held : 0, count = upper ? n - from : i;
        OWN(matrix) rows = {a.numbers + i * a.down, a.down, a.across, 0};
        OWN(matrix) own = {rows.numbers, a.across, a.down, 0};
        OWN(matrix) others = {a.numbers + from * a.down, a.across, a.down, 0};
        memset(corner, 0, sizeof corner);
        OWN(multiply)(held, held, k, VALUE(alpha), rows, own, corner, CORNER);
        for (whole row = 0; row < held; row++) {
            T *line = (T *)c + (i + row) * apart;
            whole left = upper ? row : 0, right = upper ? held : row + 1;
            OWN(scale)(right - left, VALUE(beta), line + i + left, 1);
            for (whole at = left; at < right; at++) line[i + at] += corner[row * CORNER + at];
            OWN(scale)(count, VALUE(beta), line + from, 1);
        }
        OWN(multiply)(held, count, k, VALUE(alpha), rows, others, (T *)c + i * apart + from, apart);
    }
}

OFFERED void OFFER(axpy64_)(whole n, SCALAR alpha, const void *x_first, whole step_x, void *y_first, whole step_y) {
    const T *x = (const T *)x_first + OWN(first)(n, step_x);
    T *y = (T *)y_first + OWN(first)(n, step_y);
    if (step_x == 1 && step_y == 1) {
        CALL(add, n, VALUE(alpha), x, y);
        return;
    }
    for (whole at = 0; at < n; at++) y[at * step_y] += VALUE(alpha) * x[at * step_x];
}

static T OWN(products)(whole n, const T *x, whole step_x, const T *y, whole step_y, int conjugate) {
    T sum = 0;
    x += OWN(first)(n, step_x);
    y += OWN(first)(n, step_y);
    if (step_x == 1 && step_y == 1 && !conjugate) return CALL(dot, n, x, y);
    for (whole at = 0; at < n; at++) sum += CONJUGATE_IF(conjugate, x[at * step_x]) * y[at * step_y];
    return sum;
}

#ifdef IS_COMPLEX
OFFERED void OFFER(dotu_sub64_)(whole n, const void *x, whole step_x, const void *y, whole step_y, void *found) {
    *(T *)found = OWN(products)(n, x, step_x, y, step_y, 0);
}

OFFERED void OFFER(dotc_sub64_)(whole n, const void *x, whole step_x, const void *y, whole step_y, void *found) {
    *(T *)found = OWN(products)(n, x, step_x, y, step_y, 1);
}
#else
OFFERED T OFFER(dot64_)(whole n, const void *x, whole step_x, const void *y, whole step_y) {
    return OWN(products)(n, x, step_x, y, step_y, 0);
}
#endif

OFFERED void JOINED(JOINED(scipy_, LETTER), copy_64_)(whole *n, const T *x, whole *step_x, T *y, whole *step_y) {
    x += OWN(first)(*n, *step_x);
    y += OWN(first)(*n, *step_y);
    for (whole at = 0; at < *n; at++) y[at * *step_y] = x[at * *step_x];
}

#undef T
#undef LETTER
#undef LANES
#undef OWN
#undef OFFER
#undef V
#undef V_ANYWHERE
#undef SCALAR
#undef VALUE
#undef CONJUGATE_IF
#undef CALL
