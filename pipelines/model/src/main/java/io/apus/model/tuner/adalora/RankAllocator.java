package io.apus.model.tuner.adalora;

import io.apus.model.tuner.method.OtherRanks;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.Torch;
import java.util.List;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Takes ranks away where they matter least over all updates together.
 *
 * @param updates of the whole model
 * @param here those of them that this rank has; the others' parameters are closed
 * @param others know how much those matter
 */
record RankAllocator(
        AdaLoraSettings settings,
        List<SingularProjection> updates,
        Predicate<SingularProjection> here,
        Device device,
        OtherRanks others) {
    /** Below the importance of any rank, which is no less than 0. */
    private static final double ELSEWHERE = -1;

    /** Needs a scope and no graph; the gradients of the step still stand. */
    void afterUpdate(int step, int totalSteps) {
        RankSchedule schedule = settings.schedule();
        List<SingularProjection> present = updates.stream().filter(here).toList();
        if (schedule.settled(step, totalSteps)) {
            present.forEach(SingularProjection::mask);
            return;
        }
        boolean last = step == totalSteps - schedule.last();
        if (!last) {
            present.forEach(update -> update.importance().forEach(it -> it.update(settings.smoothing())));
        }
        if (schedule.allocates(step, totalSteps)) {
            allocate(schedule.budget(step, totalSteps, updates.size()), present);
        }
        if (last) {
            present.forEach(update -> update.importance().forEach(Importance::reset));
        }
    }

    private void allocate(long budget, List<SingularProjection> present) {
        Tensor all =
                torch.cat(new TensorVector(updates.stream().map(this::scores).toArray(Tensor[]::new)));
        others.largest(all);
        long away = all.numel() - budget;
        if (away > 0) {
            double threshold = torch.kthvalue(all, away).get0().item_double();
            present.forEach(update -> update.keepAbove(threshold));
        }
    }

    private Tensor scores(SingularProjection update) {
        return here.test(update)
                ? update.scores()
                : device.zeros(DType.F32, settings.rank(update)).fill_(Torch.scalar(ELSEWHERE));
    }
}
