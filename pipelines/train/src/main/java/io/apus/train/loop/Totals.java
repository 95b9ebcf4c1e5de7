package io.apus.train.loop;

import io.apus.model.training.LossStatistics;
import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.collective.Collectives;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Adds loss statistics up over the ranks, and the votes to stop. */
final class Totals {
    private static final int FIELDS = 6;

    private Totals() {}

    static LossStatistics over(Collectives collectives, LossStatistics own) {
        return over(collectives, own, new StopRequest(() -> false));
    }

    static LossStatistics over(Collectives collectives, LossStatistics own, StopRequest stop) {
        try (Scope scope = Scope.open()) {
            Tensor sums = torch.empty(new long[] {FIELDS}, new TensorOptions(DType.F64.scalarType()), null);
            DoublePointer values = new DoublePointer(sums.data_ptr());
            values.put(
                    own.lossSum(),
                    own.weightSum(),
                    (double) own.correct(),
                    (double) own.targets(),
                    own.routerSum(),
                    stop.vote());
            collectives.allReduceSum(sums).await();
            double[] total = new double[FIELDS];
            values.get(total);
            stop.counted(total[5]);
            return new LossStatistics(total[0], total[1], (long) total[2], (long) total[3], total[4]);
        }
    }
}
