package io.apus.model.layer;

import io.apus.tensor.Scope;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Some of the indices of one dimension of a tensor.
 *
 * @param whole size of the dimension
 * @param spans the indices, in order
 */
public record Cut(long whole, List<Span> spans) {
    /** Indices from {@code from} to before {@code to}. */
    public record Span(long from, long to) {
        public long size() {
            return to - from;
        }
    }

    public Cut {
        spans = List.copyOf(spans);
    }

    /** All of a dimension. */
    public static Cut all(long whole) {
        return span(whole, 0, whole);
    }

    /** One span of a dimension. */
    public static Cut span(long whole, long from, long to) {
        return new Cut(whole, List.of(new Span(from, to)));
    }

    /** The {@code which}-th of {@code parts} equal spans. */
    public static Cut equal(long whole, int parts, int which) {
        if (whole % parts != 0) {
            throw new IllegalArgumentException(whole + " cannot be cut into " + parts + " equal parts");
        }
        long size = whole / parts;
        return span(whole, which * size, (which + 1) * size);
    }

    /** The same of a dimension in which {@code each} indices stand for one of this. */
    public Cut times(long each) {
        return new Cut(
                whole * each,
                spans.stream()
                        .map(span -> new Span(span.from() * each, span.to() * each))
                        .toList());
    }

    /** The same of a dimension in which one index stands for {@code run} of this; empty where a border is within such a run. */
    public Optional<Cut> by(long run) {
        boolean torn =
                spans.stream().anyMatch(span -> span.from() % run != 0 || (span.to() % run != 0 && span.to() != whole));
        return torn
                ? Optional.empty()
                : Optional.of(new Cut(
                        runs(whole, run),
                        spans.stream()
                                .map(span -> new Span(span.from() / run, runs(span.to(), run)))
                                .toList()));
    }

    private static long runs(long indices, long run) {
        return (indices + run - 1) / run;
    }

    public long size() {
        return spans.stream().mapToLong(Span::size).sum();
    }

    /** These indices of {@code dimension}, in {@code tensor}'s graph, in the caller's scope. */
    public Tensor in(Tensor tensor, int dimension) {
        if (spans.size() == 1) {
            return tensor.narrow(dimension, spans.get(0).from(), spans.get(0).size());
        }
        TensorVector parts = new TensorVector();
        spans.forEach(span -> parts.push_back(tensor.narrow(dimension, span.from(), span.size())));
        return torch.cat(parts, dimension);
    }

    /** A contiguous copy of these indices of {@code dimension}, outside any graph, in the caller's scope. */
    public Tensor of(Tensor tensor, int dimension) {
        try (Scope scope = Scope.open()) {
            TensorVector parts = new TensorVector();
            Tensor plain = tensor.detach();
            spans.forEach(span -> parts.push_back(plain.narrow(dimension, span.from(), span.size())));
            return scope.keep(torch.cat(parts, dimension));
        }
    }
}
