package io.apus.model.layer;

import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of several sequences, so that generation computes each token once. All memory is taken at the start.
 *
 * <p>Segment i of a batch continues the sequence in slot {@code slot(i)}: at first slot i, otherwise as {@link #use} says.
 */
public final class KvCache implements AutoCloseable {
    /** Keys and values of one layer, [slots * capacity, keyValueHeads, keyDim and valueDim]. */
    private record Layer(Tensor keys, Tensor values) {}

    private final Device device;
    private final int capacity;
    private final int[] lengths;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<Integer, KeyPrefix> leading = new HashMap<>();
    private int[] slots;
    private int[] arriving = {};
    private Tensor rows;

    /** One shape for each layer; {@code dtype} is that of the states that attention sees. */
    public KvCache(List<TokenMixer.CacheShape> shapes, int slots, int capacity, Device device, DType dtype) {
        this.device = device;
        this.capacity = capacity;
        this.lengths = new int[slots];
        this.slots = IntStream.range(0, slots).toArray();
        long rows = (long) slots * capacity;
        for (TokenMixer.CacheShape shape : shapes) {
            layers.add(new Layer(
                    Scope.own(device.zeros(dtype, rows, shape.heads(), shape.keyDim())),
                    Scope.own(device.zeros(dtype, rows, shape.heads(), shape.valueDim()))));
        }
    }

    /** From now on segment i of a batch continues slot {@code slots[i]}; a slot may appear once. */
    public void use(int... slots) {
        if (Arrays.stream(slots).distinct().count() != slots.length
                || Arrays.stream(slots).anyMatch(slot -> slot < 0 || slot >= lengths.length)) {
            throw new IllegalArgumentException(
                    "slots " + Arrays.toString(slots) + " must be distinct and below " + lengths.length);
        }
        this.slots = slots.clone();
    }

    /** The slot that segment {@code segment} continues. */
    public int slot(int segment) {
        return slots[segment];
    }

    /** Tokens that the slot holds. */
    public int length(int slot) {
        return lengths[slot];
    }

    /** Tokens that a slot can hold. */
    public int capacity() {
        return capacity;
    }

    /** Forgets what follows the first {@code length} tokens of a slot, e.g. to score another ending of the same prompt. */
    public void truncate(int slot, int length) {
        lengths[slot] = Math.min(lengths[slot], length);
    }

    /** Empties every slot. */
    public void reset() {
        Arrays.fill(lengths, 0);
    }

    /** Says where the tokens of the next forward pass go. */
    public void begin(int[] segmentLengths) {
        if (segmentLengths.length > slots.length) {
            throw new IllegalArgumentException(segmentLengths.length + " segments for " + slots.length + " slots");
        }
        List<Long> targets = new ArrayList<>();
        for (int i = 0; i < segmentLengths.length; i++) {
            int start = lengths[slots[i]];
            if (start + segmentLengths[i] > capacity) {
                throw new IllegalArgumentException("slot " + slots[i] + " holds " + start + " of " + capacity
                        + " tokens and cannot take " + segmentLengths[i] + " more");
            }
            for (int t = 0; t < segmentLengths[i]; t++) {
                targets.add((long) slots[i] * capacity + start + t);
            }
        }
        arriving = segmentLengths.clone();
        rows = device.longs(targets.stream().mapToLong(Long::longValue).toArray());
    }

    /** Counts the tokens of the finished forward pass as held. */
    public void commit() {
        for (int i = 0; i < arriving.length; i++) {
            lengths[slots[i]] += arriving[i];
        }
        arriving = new int[0];
    }

    /** Whether the keys and values of virtual tokens in front of every sequence are here already. */
    public boolean led() {
        return !leading.isEmpty();
    }

    /** Keeps what stands in front of every sequence in one layer. */
    void lead(int layer, KeyPrefix seen) {
        leading.put(
                layer,
                new KeyPrefix(
                        Scope.own(seen.keys().detach().clone()),
                        Scope.own(seen.values().detach().clone())));
    }

    /** What stands in front of every sequence in one layer; null for nothing. */
    KeyPrefix leading(int layer) {
        return leading.get(layer);
    }

    /** As {@code SegmentRuns.attend}, over what the slots hold and the arriving keys and values, which are stored. */
    Tensor attend(int layer, Tensor query, Tensor key, Tensor value, AttentionRule rule, KeyPrefix seen) {
        Layer stored = layers.get(layer);
        try (NoGrad guard = Torch.noGrad()) {
            stored.keys().index_copy_(0, rows, Torch.like(key, stored.keys()));
            stored.values().index_copy_(0, rows, Torch.like(value, stored.values()));
        }
        if (arriving.length > 1 && Arrays.stream(arriving).allMatch(n -> n == 1) && adjacent()) {
            return decodeTogether(stored, query, rule, seen);
        }
        TensorVector results = new TensorVector();
        long row = 0;
        for (int i = 0; i < arriving.length; i++) {
            results.push_back(attendOne(stored, i, query.narrow(0, row, arriving[i]), rule, seen));
            row += arriving[i];
        }
        return torch.cat(results, 0);
    }

    /** As {@code SegmentRuns.histories}, over what the slots hold and the arriving rows, which are stored as keys. */
    List<Tensor> histories(int layer, Tensor arrived) {
        Layer stored = layers.get(layer);
        try (NoGrad guard = Torch.noGrad()) {
            stored.keys()
                    .index_copy_(0, rows, Torch.like(arrived, stored.keys()).unsqueeze(1));
        }
        List<Tensor> histories = new ArrayList<>();
        for (int i = 0; i < arriving.length; i++) {
            long start = (long) slots[i] * capacity;
            histories.add(stored.keys()
                    .narrow(0, start, lengths[slots[i]] + (long) arriving[i])
                    .select(1, 0));
        }
        return histories;
    }

    private boolean adjacent() {
        return IntStream.range(1, arriving.length).allMatch(i -> slots[i] == slots[i - 1] + 1);
    }

    private Tensor attendOne(Layer stored, int segment, Tensor query, AttentionRule rule, KeyPrefix seen) {
        int window = rule.window();
        int held = lengths[slots[segment]];
        int past = held + (seen == null ? 0 : seen.count());
        int queries = arriving[segment];
        long start = (long) slots[segment] * capacity;
        boolean cut = window > 0 && past + queries > window;
        boolean masked = cut || (past > 0 && queries > 1);
        Tensor mask = masked ? SegmentRuns.band(device, past, queries, window) : null;
        Tensor result = rule.apply(
                query.unsqueeze(0).transpose(1, 2),
                behind(
                        seen == null ? null : seen.keys(),
                        stored.keys()
                                .narrow(0, start, held + queries)
                                .unsqueeze(0)
                                .transpose(1, 2)),
                behind(
                        seen == null ? null : seen.values(),
                        stored.values()
                                .narrow(0, start, held + queries)
                                .unsqueeze(0)
                                .transpose(1, 2)),
                mask,
                !masked && queries > 1);
        return result.transpose(1, 2)
                .reshape(queries, query.size(1) * stored.values().size(2));
    }

    private Tensor decodeTogether(Layer stored, Tensor query, AttentionRule rule, KeyPrefix seen) {
        int ahead = seen == null ? 0 : seen.count();
        int window = rule.window();
        int count = arriving.length;
        int longest = Arrays.stream(slots, 0, count)
                .map(slot -> lengths[slot] + 1)
                .max()
                .orElse(1);
        boolean even = Arrays.stream(slots, 0, count).allMatch(slot -> lengths[slot] + 1 == longest);
        boolean masked = !even || (window > 0 && ahead + longest > window);
        Tensor result = rule.apply(
                query.unsqueeze(2),
                behind(seen == null ? null : seen.keys(), batch(stored.keys(), count, longest)),
                behind(seen == null ? null : seen.values(), batch(stored.values(), count, longest)),
                masked ? held(count, ahead, longest, window) : null,
                false);
        return result.reshape(count, query.size(1) * stored.values().size(2));
    }

    /** [sequences, heads, keys, dim] with what stands in front of each, or null, before it. */
    private static Tensor behind(Tensor seenOrNull, Tensor own) {
        return seenOrNull == null
                ? own
                : torch.cat(new TensorVector(KeyPrefix.spread(seenOrNull, own.size(0)), own), 2);
    }

    private Tensor batch(Tensor stored, int count, int longest) {
        return stored.narrow(0, (long) slots[0] * capacity, (long) count * capacity)
                .view(count, capacity, stored.size(1), stored.size(2))
                .narrow(1, 0, longest)
                .transpose(1, 2);
    }

    /** [count, 1, 1, ahead + longest], true where the new token of a sequence may see what is held or stands ahead. */
    private Tensor held(int count, int ahead, int longest, int window) {
        int width = ahead + longest;
        long[] seen = new long[count * width];
        for (int i = 0; i < count; i++) {
            int end = ahead + lengths[slots[i]] + 1;
            int begin = window > 0 ? Math.max(0, end - window) : 0;
            Arrays.fill(seen, i * width + begin, i * width + end, 1);
        }
        return device.longs(seen).to(torch.ScalarType.Bool).view(count, 1, 1, width);
    }

    @Override
    public void close() {
        layers.forEach(layer -> {
            Scope.release(layer.keys());
            Scope.release(layer.values());
        });
        layers.clear();
        leading.values().forEach(seen -> {
            Scope.release(seen.keys());
            Scope.release(seen.values());
        });
        leading.clear();
    }
}
