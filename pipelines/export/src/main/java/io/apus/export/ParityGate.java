package io.apus.export;

import io.apus.model.DecoderModel;
import io.apus.model.layer.TokenBatch;
import io.apus.tensor.NoGrad;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Keeps the trained model's logits on some probes, and compares exported models with them. */
final class ParityGate implements AutoCloseable {
    private final List<long[]> probes;
    private final List<Tensor> trained = new ArrayList<>();

    /**
     * @param trained the model as it was trained, adapters not merged
     * @param probes token ids of a few texts, each shorter than the context
     */
    ParityGate(DecoderModel trained, List<long[]> probes) {
        this.probes = probes;
        for (long[] probe : probes) {
            try (Scope scope = Scope.open()) {
                this.trained.add(Scope.own(logits(trained, probe)));
            }
        }
    }

    /** How far {@code other} is, whatever that is; the logits are forgotten, they take much memory. */
    Parity distance(DecoderModel other) {
        Parity distance = compare(other, Double.POSITIVE_INFINITY);
        close();
        return distance;
    }

    Parity compare(DecoderModel exported, double tolerance) {
        double largest = 0;
        double divergence = 0;
        long same = 0;
        long positions = 0;
        for (int i = 0; i < probes.size(); i++) {
            try (Scope scope = Scope.open();
                    NoGrad noGrad = Torch.noGrad()) {
                Tensor expected = trained.get(i);
                Tensor actual = logits(exported, probes.get(i));
                largest = Math.max(largest, actual.sub(expected).abs().max().item_double());
                Tensor expectedLog = expected.log_softmax(-1);
                Tensor term = expectedLog.exp().mul(expectedLog.sub(actual.log_softmax(-1)));
                divergence += term.sum().item_double();
                same += sameTop(expected, actual);
                positions += probes.get(i).length;
            }
        }
        return new Parity(largest, divergence / positions, (double) same / positions, tolerance, positions);
    }

    private static long sameTop(Tensor expected, Tensor actual) {
        long[] left = Torch.toLongs(expected.max(1).get1());
        long[] right = Torch.toLongs(actual.max(1).get1());
        long same = 0;
        for (int i = 0; i < left.length; i++) {
            same += left[i] == right[i] ? 1 : 0;
        }
        return same;
    }

    private static Tensor logits(DecoderModel model, long[] probe) {
        return model.logits(model.hidden(TokenBatch.of(probe, probe.length), null));
    }

    @Override
    public void close() {
        trained.forEach(Scope::release);
        trained.clear();
    }
}
