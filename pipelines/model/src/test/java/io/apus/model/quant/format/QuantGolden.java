package io.apus.model.quant.format;

import io.apus.tensor.DType;
import io.apus.tensor.SafeTensorsFile;
import io.apus.testkit.SharedReference;
import org.bytedeco.pytorch.Tensor;

/** One packed linear of the reference implementations, read as if it were a checkpoint's. */
record QuantGolden(SafeTensorsFile file) implements StoredTensors, AutoCloseable {
    /** Skips the test where the references are absent. */
    static QuantGolden open(String name) {
        return new QuantGolden(SafeTensorsFile.open(SharedReference.path("golden/quant/" + name + ".safetensors")));
    }

    /** The linear, whose tensors stand in the file without a module's name. */
    StoredLinear linear(long outFeatures, long inFeatures) {
        return new StoredLinear(this, "linear", outFeatures, inFeatures);
    }

    private static String bare(String name) {
        return name.substring("linear.".length());
    }

    @Override
    public boolean contains(String name) {
        return file.contains(bare(name));
    }

    @Override
    public Tensor tensor(String name) {
        return file.tensor(bare(name));
    }

    static double maxError(Tensor got, Tensor wanted) {
        return got.sub(wanted).abs().max().item_double();
    }

    static boolean same(Tensor got, Tensor wanted) {
        return DType.of(got) == DType.of(wanted) && got.equal(wanted);
    }

    @Override
    public void close() {
        file.close();
    }
}
