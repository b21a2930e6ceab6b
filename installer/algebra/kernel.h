/* What takes the time, for one kind of number T and one kind of processor: K(name) names it, TARGET says for which. */

/* The sum of products of two rows. */
TARGET static T K(dot)(whole n, const T *x, const T *y) {
    V sums[4] = {};
    whole at = 0;
    for (; at + 4 * LANES <= n; at += 4 * LANES)
        for (int part = 0; part < 4; part++)
            sums[part] += *(const V_ANYWHERE *)(x + at + part * LANES) * *(const V_ANYWHERE *)(y + at + part * LANES);
    union { V all; T each[LANES]; } sum = {(sums[0] + sums[1]) + (sums[2] + sums[3])};
    T total = 0;
    for (int lane = 0; lane < LANES; lane++) total += sum.each[lane];
    for (; at < n; at++) total += x[at] * y[at];
    return total;
}

/* y += factor x */
TARGET static void K(add)(whole n, T factor, const T *x, T *y) {
    whole at = 0;
    for (; at + LANES <= n; at += LANES) *(V_ANYWHERE *)(y + at) += factor * *(const V_ANYWHERE *)(x + at);
    for (; at < n; at++) y[at] += factor * x[at];
}

/* `out` = TILE rows of the left matrix, times a panel of `depth` rows of 2 LANES numbers. */
TARGET static void K(tile)(whole depth, const T *const *rows, whole step, int conjugate, const T *panel, T *out) {
    V sums[TILE][2] = {};
    for (whole k = 0; k < depth; k++) {
        V first = *(const V_ANYWHERE *)(panel + 2 * LANES * k);
        V second = *(const V_ANYWHERE *)(panel + 2 * LANES * k + LANES);
#pragma GCC unroll 6
        for (int row = 0; row < TILE; row++) {
            T factor = CONJUGATE_IF(conjugate, rows[row][k * step]);
            sums[row][0] += factor * first;
            sums[row][1] += factor * second;
        }
    }
    for (int row = 0; row < TILE; row++) {
        *(V_ANYWHERE *)(out + 2 * LANES * row) = sums[row][0];
        *(V_ANYWHERE *)(out + 2 * LANES * row + LANES) = sums[row][1];
    }
}

#undef TARGET
#undef K
