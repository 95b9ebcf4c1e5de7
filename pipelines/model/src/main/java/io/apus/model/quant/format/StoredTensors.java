package io.apus.model.quant.format;

import org.bytedeco.pytorch.Tensor;

/** The tensors of a checkpoint by their names, whatever files they lie in. */
public interface StoredTensors {
    boolean contains(String name);

    /** As it is stored, in the caller's scope; it may go with the checkpoint. */
    Tensor tensor(String name);
}
