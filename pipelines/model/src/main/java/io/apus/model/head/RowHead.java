package io.apus.model.head;

import io.apus.model.layer.Parameter;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** What stands above pooled hidden states: scores of labels, a vector of length one, or the preference of one token to another. */
public interface RowHead {
    /** [rows, hiddenSize] to [rows, width], in the caller's scope and without a graph. */
    Tensor forward(Tensor rows);

    /**
     * Takes a gradient down.
     *
     * @param rows what {@link #forward} was given
     * @param gradient d(loss)/d(outputs), [rows, width]
     * @return d(loss)/d(rows), in the caller's scope; the gradients of trainable parameters are added to them
     */
    Tensor backward(Tensor rows, Tensor gradient);

    /** Its own parameters; none where it has none or uses the model's. */
    List<Parameter> parameters();
}
