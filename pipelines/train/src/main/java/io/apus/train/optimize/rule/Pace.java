package io.apus.train.optimize.rule;

import io.apus.schemas.spec.GaloreSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Torch;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** When a subspace is chosen anew. */
interface Pace {
    /** Whether it is at {@code step}, counted from 0. */
    boolean due(long step);

    /** Hears of the first vector of each choice. */
    void chosen(Tensor first);

    void describe(SortedMap<String, Tensor> state);

    /** {@code length} is that of the vectors. */
    static Pace of(GaloreSpec galore, long length, Memory memory) {
        int gap = galore.galoreUpdateProjGap() * (galore.galoreOptimPerParameter() ? 2 : 1);
        return galore.galoreQuantization() ? new Adaptive(galore, length, memory) : new Fixed(gap);
    }

    /** Every {@code gap} steps. */
    record Fixed(int gap) implements Pace {
        @Override
        public boolean due(long step) {
            return step % gap == 0;
        }

        @Override
        public void chosen(Tensor first) {
            // A fixed pace does not mind.
        }

        @Override
        public void describe(SortedMap<String, Tensor> state) {
            // Nothing is remembered.
        }
    }

    /** Q-GaLore's: the gap grows each time the last choices hardly differed from those before them. */
    final class Adaptive implements Pace {
        private final GaloreSpec galore;
        private final Tensor past;
        private final Tensor cosines;
        private final Tensor gapAndCount;

        Adaptive(GaloreSpec galore, long length, Memory memory) {
            this.galore = galore;
            this.past = memory.floats(length);
            this.cosines = memory.zeros(DType.F64, galore.galoreQueueSize());
            this.gapAndCount = memory.zeros(DType.F64, 2);
        }

        private long count() {
            return (long) gapAndCount.select(0, 1).item_double();
        }

        private double gap() {
            double gap = gapAndCount.select(0, 0).item_double();
            return gap == 0 ? galore.galoreUpdateProjGap() : gap;
        }

        @Override
        public boolean due(long step) {
            return count() == 0 || step % (long) gap() == 0;
        }

        @Override
        public void chosen(Tensor first) {
            long choices = count();
            int size = galore.galoreQueueSize();
            if (choices > 0) {
                double norms = past.norm().item_double() * first.norm().item_double();
                double cosine = past.dot(first).item_double() / Math.max(norms, 1e-8);
                cosines.select(0, (choices - 1) % size).fill_(Torch.scalar(cosine));
                boolean alike = cosines.mean().item_double() >= galore.galoreCosThreshold();
                if (choices >= size && alike) {
                    gapAndCount.select(0, 0).fill_(Torch.scalar(gap() * galore.galoreGammaProj()));
                }
            }
            gapAndCount.select(0, 1).fill_(Torch.scalar(choices + 1.0));
            past.copy_(first);
        }

        @Override
        public void describe(SortedMap<String, Tensor> state) {
            state.put("past", past);
            state.put("cosines", cosines);
            state.put("gap_and_count", gapAndCount);
        }
    }
}
