package io.apus.train.schedule;

import io.apus.train.arguments.Arguments;
import java.util.List;

/**
 * Lowers the rate when the evaluation loss has stopped improving, as torch.optim.lr_scheduler.ReduceLROnPlateau does. It remembers
 * nothing: the rate follows from all losses so far, which a checkpoint keeps.
 *
 * @param base the rate before the first evaluation
 * @param factor what a reduction multiplies by
 * @param patience evaluations without improvement that are let pass
 * @param threshold how much better a loss must be to count
 * @param relative whether the threshold is a share of the best loss
 * @param larger whether larger is better
 * @param cooldown evaluations after a reduction in which none is counted as bad
 * @param least lowest rate
 * @param epsilon reductions by no more than this are left out
 */
record Plateau(
        double base,
        double factor,
        int patience,
        double threshold,
        boolean relative,
        boolean larger,
        int cooldown,
        double least,
        double epsilon)
        implements LearningRate {
    static LearningRate of(Schedule schedule) {
        Arguments arguments = schedule.arguments();
        double factor = arguments.number("factor", 0.1);
        if (factor >= 1) {
            throw arguments.wrong("factor", "must be below 1");
        }
        return new Plateau(
                schedule.base(),
                factor,
                arguments.whole("patience", 10),
                arguments.number("threshold", 1e-4),
                arguments.oneOf("threshold_mode", "rel", List.of("rel", "abs")).equals("rel"),
                arguments.oneOf("mode", "min", List.of("min", "max")).equals("max"),
                arguments.whole("cooldown", 0),
                arguments.number("min_lr", 0),
                arguments.number("eps", 1e-8));
    }

    @Override
    public double at(int step, List<Double> evaluationLosses) {
        double rate = base;
        double best = larger ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        int bad = 0;
        int cooling = 0;
        for (double loss : evaluationLosses) {
            boolean better = better(loss, best);
            best = better ? loss : best;
            bad = better ? 0 : bad + 1;
            if (cooling > 0) {
                cooling--;
                bad = 0;
            }
            if (bad > patience) {
                double lower = Math.max(rate * factor, least);
                rate = rate - lower > epsilon ? lower : rate;
                cooling = cooldown;
                bad = 0;
            }
        }
        return rate;
    }

    private boolean better(double loss, double best) {
        if (larger) {
            return loss > (relative ? best * (1 + threshold) : best + threshold);
        }
        return loss < (relative ? best * (1 - threshold) : best - threshold);
    }
}
