package io.apus.tensor;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Factors of matrices. Results belong to the caller's scope and record no graph. */
public final class Decomposition {
    private Decomposition() {}

    /**
     * A = u diag(s) vh.
     *
     * @param u [rows, k]
     * @param s [k], falling
     * @param vh [k, columns]
     */
    public record Svd(Tensor u, Tensor s, Tensor vh) {
        /** The part of the {@code rank} largest values. */
        public Svd first(long rank) {
            return new Svd(u.narrow(1, 0, rank), s.narrow(0, 0, rank), vh.narrow(0, 0, rank));
        }
    }

    /**
     * A = q r.
     *
     * @param q [rows, k], columns orthonormal
     * @param r [k, columns], upper triangular
     */
    public record Qr(Tensor q, Tensor r) {}

    /** The reduced singular value decomposition of a float32 [rows, columns]. */
    public static Svd svd(Tensor matrix) {
        try (NoGrad guard = Torch.noGrad()) {
            T_TensorTensorTensor_T found = torch.linalg_svd(matrix, false, new StringViewOptional());
            return new Svd(new Tensor(found.get0()), new Tensor(found.get1()), new Tensor(found.get2()));
        }
    }

    /** The reduced QR decomposition of a float32 [rows, columns]. */
    public static Qr qr(Tensor matrix) {
        try (NoGrad guard = Torch.noGrad()) {
            T_TensorTensor_T found = torch.linalg_qr(matrix);
            return new Qr(new Tensor(found.get0()), new Tensor(found.get1()));
        }
    }

    /**
     * About the {@code rank} largest singular values by a random projection that {@code iterations} rounds of subspace iteration
     * sharpen (Halko, Martinsson and Tropp, 2011, algorithms 4.4 and 5.1).
     */
    public static Svd lowRankSvd(Tensor matrix, long rank, int iterations, GeneratorOptional generator) {
        try (NoGrad guard = Torch.noGrad()) {
            Tensor start = Torch.emptyFloats(matrix.size(1), rank).normal_(0, 1, generator);
            Tensor basis = qr(matrix.mm(start)).q();
            for (int i = 0; i < iterations; i++) {
                basis = qr(matrix.mm(qr(matrix.t().mm(basis)).q())).q();
            }
            Svd small = svd(basis.t().mm(matrix));
            return new Svd(basis.mm(small.u()), small.s(), small.vh());
        }
    }
}
