package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * How one tensor holds a matrix from {@code in} to {@code out} features for each expert.
 *
 * @param turned whether each lies as [out, in], as a linear's weight does, and not as [in, out]
 * @param stacked whether they lie below each other, [experts * rows, columns], and not in a dimension of their own
 */
public record ExpertLayout(long in, long out, boolean turned, boolean stacked) {
    /** [experts, in, out]. */
    public static ExpertLayout plain(long in, long out) {
        return new ExpertLayout(in, out, false, false);
    }

    /** [experts, out, in]. */
    public static ExpertLayout turned(long in, long out) {
        return new ExpertLayout(in, out, true, false);
    }

    private long rows() {
        return turned ? out : in;
    }

    private long columns() {
        return turned ? in : out;
    }

    /** Numbers of one expert's matrix. */
    public long numbers() {
        return in * out;
    }

    /** Of the tensor with the matrices of {@code experts}. */
    public long[] shape(long experts) {
        return stacked ? new long[] {experts * rows(), columns()} : new long[] {experts, rows(), columns()};
    }

    /** How many experts a tensor of {@code shape} holds. */
    int count(long[] shape) {
        return Math.toIntExact(stacked ? shape[0] / rows() : shape[0]);
    }

    /** The first dimension's indices that belong to {@code run} of the experts. */
    Cut cut(Cut run) {
        return stacked ? run.times(rows()) : run;
    }

    /**
     * Where some rows or columns of each of {@code experts} matrices, as they lie, are in the tensor.
     *
     * @param rows whether {@code cut} is of these
     */
    public ExpertChange.Share share(int experts, boolean rows, Cut cut) {
        if (!stacked || !rows) {
            return new ExpertChange.Share((stacked ? 0 : 1) + (rows ? 0 : 1), cut);
        }
        List<Cut.Span> all = new ArrayList<>();
        for (int expert = 0; expert < experts; expert++) {
            long first = expert * rows();
            cut.spans().forEach(span -> all.add(new Cut.Span(first + span.from(), first + span.to())));
        }
        return new ExpertChange.Share(0, new Cut(experts * rows(), all));
    }

    /** Each expert's matrix, views with one graph to {@code all}. */
    TensorVector each(Tensor all) {
        return stacked ? all.split(rows(), 0) : all.unbind(0);
    }

    /** One expert's numbers, in the order in which the tensor holds them, as a linear's weight: a view [out, in]. */
    public Tensor linear(Tensor numbers) {
        Tensor lying = numbers.view(rows(), columns());
        return turned ? lying : lying.t();
    }

    /** A linear's weight [out, in] as the tensor holds it: a view. */
    public Tensor lying(Tensor linear) {
        return turned ? linear : linear.t();
    }
}
