package io.apus.train.objective;

import io.apus.model.layer.OutputHead;
import io.apus.model.layer.TokenBatch;
import io.apus.model.training.HeadLoss;
import io.apus.model.training.LossStatistics;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/** What training minimises. */
public interface Objective {
    /** What it cannot do without; empty when the batches suffice. */
    Set<Need> needs();

    /**
     * The loss of one forward pass.
     *
     * @param weights [N] weight of each token as a target
     * @param scale what the weighted sum is multiplied by: 1 / sum of the weights of the step's global batch
     */
    HeadLoss loss(TokenBatch batch, float[] weights, double scale);

    /**
     * The same without gradients.
     *
     * @param hidden final hidden states of the batch, [N, hiddenSize]
     */
    LossStatistics measure(Tensor hidden, OutputHead head, TokenBatch batch, float[] weights);
}
