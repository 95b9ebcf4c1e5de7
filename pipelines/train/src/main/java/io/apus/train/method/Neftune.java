package io.apus.train.method;

import io.apus.model.layer.TokenBatch;
import io.apus.model.training.EmbeddingNoise;
import io.apus.tensor.Device;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.train.loop.BeforeStep;
import io.apus.train.order.Mixing;
import java.util.Arrays;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * NEFTune (Jain et al., 2023): uniform noise of at most alpha / sqrt(length x hiddenSize) on the embeddings of each sample.
 *
 * <p>A sample's noise depends on the run's seed, the step and its tokens alone, not on where it lies: packed rows train as unpacked
 * ones do. (The length is the sample's own; transformers takes that of the padded batch.)
 */
public final class Neftune implements EmbeddingNoise, BeforeStep {
    private final double alpha;
    private final long seed;
    private int step;

    public Neftune(double alpha, long seed) {
        this.alpha = alpha;
        this.seed = seed;
    }

    @Override
    public void prepare(int newStep) {
        step = newStep;
    }

    @Override
    public void add(Tensor embedded, TokenBatch batch) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            long[] ids = Torch.toLongs(batch.inputIds());
            long width = embedded.size(1);
            int from = 0;
            for (int length : batch.segmentLengths()) {
                int content = Arrays.hashCode(Arrays.copyOfRange(ids, from, from + length));
                GeneratorOptional generator =
                        new GeneratorOptional(torch.make_generator_cpu(Mixing.derive(seed, step, content)));
                double bound = alpha / Math.sqrt((double) length * width);
                Tensor noise = Torch.emptyFloats(length, width).uniform_(-bound, bound, generator);
                embedded.narrow(0, from, length).add_(Device.of(embedded).take(noise));
                from += length;
            }
        }
    }
}
