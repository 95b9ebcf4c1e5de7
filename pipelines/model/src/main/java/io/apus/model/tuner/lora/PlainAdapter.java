package io.apus.model.tuner.lora;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.AdapterMethod;
import io.apus.model.tuner.method.PeftFiles;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * An adapter whose start changed the base, told as a plain one of twice the rank that fits the base as it was: with W' = W - s B0 A0,
 * W' + s B A = W + s [B, -B0] [A; A0]. PEFT does the same (path_initial_model_for_weight_conversion).
 */
final class PlainAdapter {
    private PlainAdapter() {}

    static AdapterMethod.Converted of(LoraSettings settings, List<ProjectionSlot> targets) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (ProjectionSlot slot : targets) {
            LowRankUpdate projection = (LowRankUpdate) slot.get();
            LowRank taken = taken(projection);
            LowRank update = projection.update();
            put(
                    tensors,
                    update.down(),
                    joined(update.down().tensor(), taken.down().tensor(), 0));
            put(
                    tensors,
                    update.up(),
                    joined(update.up().tensor(), taken.up().tensor().neg(), 1));
            projection.added().stream()
                    .filter(parameter -> !update.parameters().contains(parameter))
                    .forEach(parameter -> put(tensors, parameter, parameter.tensor()));
        }
        return new AdapterMethod.Converted(new Lora(settings.plain(2 * settings.rank())), tensors);
    }

    static LowRank taken(LowRankUpdate projection) {
        return ((Residual) projection.base()).taken();
    }

    private static Tensor joined(Tensor first, Tensor second, long dimension) {
        return torch.cat(new TensorVector(first, second), dimension);
    }

    private static void put(SortedMap<String, Tensor> tensors, Parameter as, Tensor tensor) {
        tensors.put(PeftFiles.PREFIX + as.name(), tensor);
    }
}
