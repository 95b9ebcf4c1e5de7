package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Causal attention within each segment of a batch. Neighbours of equal length run as one batched call; no mask of tokens times tokens
 * exists, except a band for segments longer than a sliding window.
 */
final class SegmentRuns {
    /** {@code count} neighbouring segments of {@code length} tokens each. */
    private record Run(int count, int length) {
        long tokens() {
            return (long) count * length;
        }
    }

    private final List<Run> runs = new ArrayList<>();
    private final long[] sizes;
    private final VariableLength together;

    SegmentRuns(int[] segmentLengths, Device device) {
        int start = 0;
        for (int i = 1; i <= segmentLengths.length; i++) {
            if (i == segmentLengths.length || segmentLengths[i] != segmentLengths[start]) {
                runs.add(new Run(i - start, segmentLengths[start]));
                start = i;
            }
        }
        sizes = runs.stream().mapToLong(Run::tokens).toArray();
        together = VariableLength.of(segmentLengths, device);
    }

    /** The rows of each segment. */
    List<Tensor> histories(Tensor all) {
        List<Tensor> histories = new ArrayList<>();
        long row = 0;
        for (Run run : runs) {
            for (int i = 0; i < run.count(); i++) {
                histories.add(all.narrow(0, row, run.length()));
                row += run.length();
            }
        }
        return histories;
    }

    /**
     * Query [tokens, heads, headDim], key and value [tokens, keyValueHeads, keyDim or valueDim]; gives [tokens, heads * valueDim].
     *
     * @param seen what stands in front of each segment, or null
     */
    Tensor attend(Tensor query, Tensor key, Tensor value, AttentionRule rule, KeyPrefix seen) {
        if (together != null && seen == null && VariableLength.takes(query, key, value, rule)) {
            return together.on(Device.of(query)).attend(query, key, value, rule);
        }
        if (runs.size() == 1) {
            return attend(runs.get(0), query, key, value, rule, seen);
        }
        TensorVector queries = query.split_with_sizes(sizes);
        TensorVector keys = key.split_with_sizes(sizes);
        TensorVector values = value.split_with_sizes(sizes);
        TensorVector results = new TensorVector();
        for (int i = 0; i < sizes.length; i++) {
            results.push_back(attend(runs.get(i), queries.get(i), keys.get(i), values.get(i), rule, seen));
        }
        return torch.cat(results, 0);
    }

    private static Tensor attend(Run run, Tensor query, Tensor key, Tensor value, AttentionRule rule, KeyPrefix seen) {
        if (seen != null) {
            return attendBehind(seen, run, query, key, value, rule);
        }
        int window = rule.window();
        boolean banded = window > 0 && run.length() > window;
        Tensor mask = banded ? band(Device.of(query), 0, run.length(), window) : null;
        Tensor result = rule.apply(heads(run, query), heads(run, key), heads(run, value), mask, !banded);
        return result.transpose(1, 2).reshape(run.tokens(), query.size(1) * value.size(2));
    }

    /** Queries of zeros stand before the own ones, so that the same causal kernels serve; what they find is thrown away. */
    private static Tensor attendBehind(
            KeyPrefix seen, Run run, Tensor query, Tensor key, Tensor value, AttentionRule rule) {
        int length = seen.count() + run.length();
        boolean banded = rule.window() > 0 && length > rule.window();
        Tensor nothing = query.new_zeros(run.count(), query.size(1), seen.count(), query.size(2));
        Tensor result = rule.apply(
                torch.cat(new TensorVector(nothing, heads(run, query)), 2),
                torch.cat(new TensorVector(KeyPrefix.spread(seen.keys(), run.count()), heads(run, key)), 2),
                torch.cat(new TensorVector(KeyPrefix.spread(seen.values(), run.count()), heads(run, value)), 2),
                banded ? band(Device.of(query), 0, length, rule.window()) : null,
                !banded);
        return result.narrow(2, seen.count(), run.length())
                .transpose(1, 2)
                .reshape(run.tokens(), query.size(1) * value.size(2));
    }

    private static Tensor heads(Run run, Tensor rows) {
        return rows.reshape(run.count(), run.length(), rows.size(1), rows.size(2))
                .transpose(1, 2);
    }

    /**
     * [queries, past + queries], true where a query may see a key: the key is not later, and where there is a window at most
     * {@code window - 1} tokens earlier. The queries are the last of the keys.
     */
    static Tensor band(Device device, long past, long queries, long window) {
        Tensor seen = device.ones(DType.BOOL, queries, past + queries).tril(past);
        return window > 0 ? seen.triu(past + 1 - window) : seen;
    }
}
