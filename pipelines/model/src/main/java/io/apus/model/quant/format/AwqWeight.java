package io.apus.model.quant.format;

import io.apus.model.layer.Cut;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * AutoAWQ's GEMM layout: four-bit numbers packed along the outputs, eight to a word in the order 0, 2, 4, 6, 1, 3, 5, 7, with a zero and a
 * scale for each group of inputs and each output.
 *
 * @param qweight int32 [inFeatures, outFeatures / 8]
 * @param qzeros int32 [groups, outFeatures / 8]
 * @param scales float [groups, outFeatures]
 */
public record AwqWeight(long outFeatures, long inFeatures, Tensor qweight, Tensor qzeros, Tensor scales)
        implements QuantisedWeight {
    private static final int BITS = 4;
    /** Numbers in a word. */
    private static final int WORD = 8;

    /** Place in a word's bits of each of its eight numbers. */
    private static final int[] PLACES = {0, 4, 1, 5, 2, 6, 3, 7};

    /**
     * Reads a linear.
     *
     * @param groupSize as in quantization_config, -1 for one group
     */
    public static AwqWeight read(StoredLinear linear, int bits, long groupSize) {
        if (bits != BITS) {
            throw new UserError("Cannot load AWQ weights", "bits is " + bits, "The GEMM layout has 4.");
        }
        long in = linear.inFeatures();
        long out = linear.outFeatures();
        long size = groupSize <= 0 ? in : groupSize;
        linear.require(out % WORD == 0, "qweight", "cannot hold " + out + " outputs in whole words");
        linear.require(in % size == 0, "scales", "cannot cut " + in + " inputs into groups of " + size);
        return new AwqWeight(
                out,
                in,
                linear.tensor("qweight", DType.I32, in, out / 8),
                linear.tensor("qzeros", DType.I32, in / size, out / 8),
                linear.tensor("scales", StoredLinear.FLOATS, in / size, out));
    }

    @Override
    public Tensor dequantise() {
        try (Scope scope = Scope.open()) {
            long groups = scales.size(0);
            Tensor numbers = BitFields.unpackColumns(qweight, BITS, PLACES);
            Tensor zeros = BitFields.unpackColumns(qzeros, BITS, PLACES);
            Tensor values = numbers.view(groups, inFeatures / groups, outFeatures)
                    .sub(zeros.unsqueeze(1))
                    .to(torch.ScalarType.Float);
            values.mul_(scales.to(torch.ScalarType.Float).unsqueeze(1));
            return scope.keep(values.view(inFeatures, outFeatures).t());
        }
    }

    /** Where words of packed outputs and groups of inputs stay whole. */
    @Override
    public Optional<QuantisedWeight> part(Cut cut, int dimension) {
        if (dimension == 0) {
            return cut.by(WORD).map(words -> outputs(cut, words));
        }
        long groups = scales.size(0);
        return groups == 1
                ? Optional.of(inputs(cut, Cut.all(1)))
                : cut.by(inFeatures / groups).map(own -> inputs(cut, own));
    }

    private AwqWeight outputs(Cut cut, Cut words) {
        try (Scope scope = Scope.open()) {
            return new AwqWeight(
                    cut.size(),
                    inFeatures,
                    scope.keep(words.of(qweight, 1)),
                    scope.keep(words.of(qzeros, 1)),
                    scope.keep(cut.of(scales, 1)));
        }
    }

    private AwqWeight inputs(Cut cut, Cut groups) {
        try (Scope scope = Scope.open()) {
            return new AwqWeight(
                    outFeatures,
                    cut.size(),
                    scope.keep(cut.of(qweight, 0)),
                    scope.keep(groups.of(qzeros, 0)),
                    scope.keep(groups.of(scales, 0)));
        }
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        all.put("qweight", qweight);
        all.put("qzeros", qzeros);
        all.put("scales", scales);
        return all;
    }
}
