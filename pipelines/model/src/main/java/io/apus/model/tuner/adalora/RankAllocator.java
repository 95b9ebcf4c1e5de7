package io.apus.model.tuner.adalora;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Takes ranks away where they matter least over all updates together. */
record RankAllocator(AdaLoraSettings settings, List<SingularProjection> updates) {
    /** Needs a scope and no graph; the gradients of the step still stand. */
    void afterUpdate(int step, int totalSteps) {
        RankSchedule schedule = settings.schedule();
        if (schedule.settled(step, totalSteps)) {
            updates.forEach(SingularProjection::mask);
            return;
        }
        boolean last = step == totalSteps - schedule.last();
        if (!last) {
            updates.forEach(update -> update.importance().forEach(it -> it.update(settings.smoothing())));
        }
        if (schedule.allocates(step, totalSteps)) {
            allocate(schedule.budget(step, totalSteps, updates.size()));
        }
        if (last) {
            updates.forEach(update -> update.importance().forEach(Importance::reset));
        }
    }

    private void allocate(long budget) {
        Tensor all = torch.cat(new TensorVector(
                updates.stream().map(SingularProjection::scores).toArray(Tensor[]::new)));
        long away = all.numel() - budget;
        if (away > 0) {
            double threshold = torch.kthvalue(all, away).get0().item_double();
            updates.forEach(update -> update.keepAbove(threshold));
        }
    }
}
