package io.apus.train.loop;

import io.apus.model.training.LossStatistics;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.train.parallel.Grid;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;

/** Adds loss statistics up over the ranks, and the votes to stop. */
final class Totals {
    private static final int FIELDS = 6;

    private Totals() {}

    static LossStatistics over(Grid grid, LossStatistics own) {
        return over(grid, own, new StopRequest(() -> false));
    }

    /** Ranks that share matrices all know the same statistics; the first of them speaks. */
    static LossStatistics over(Grid grid, LossStatistics known, StopRequest stop) {
        LossStatistics own = grid.tensor().rank() == 0 ? known : LossStatistics.ZERO;
        try (Scope scope = Scope.open()) {
            Tensor sums = Device.CPU.empty(DType.F64, FIELDS);
            DoublePointer values = new DoublePointer(sums.data_ptr());
            values.put(
                    own.lossSum(),
                    own.weightSum(),
                    (double) own.correct(),
                    (double) own.targets(),
                    own.routerSum(),
                    stop.vote());
            grid.world().allReduceSum(sums).await();
            double[] total = new double[FIELDS];
            values.get(total);
            stop.counted(total[5]);
            return new LossStatistics(total[0], total[1], (long) total[2], (long) total[3], total[4]);
        }
    }
}
