package io.apus.model.tuner.lora;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.model.ModelConfig;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Targets;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A plain low-rank adapter in a folder of PEFT's layout, read and written without the model that it belongs to. */
public final class LoraFile {
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final String name;
    private final Path folder;
    private final PeftConfig config;
    private final LoraSettings settings;
    private final SortedSet<String> modules = new TreeSet<>();

    private LoraFile(String name, Path folder, PeftConfig config) {
        this.name = name;
        this.folder = folder;
        this.config = config;
        this.settings = LoraFields.read(config);
    }

    /**
     * Looks at the adapter in {@code folder}; {@code name} is what errors call it.
     *
     * @throws UserError if it is anything else than low-rank updates of linears, or its tensors make no pairs
     */
    public static LoraFile open(String name, Path folder) {
        PeftConfig config = PeftFiles.config(folder);
        if (!config.peftType().equals(Lora.PEFT_TYPE)) {
            throw Factors.notPlain(name, "its peft_type is " + config.peftType() + ", not " + Lora.PEFT_TYPE);
        }
        LoraFile file = new LoraFile(name, folder, config);
        file.requirePlain();
        try (SafeTensorsFile weights = PeftFiles.weights(folder)) {
            weights.names().forEach(tensor -> file.note(tensor, weights));
        }
        return file;
    }

    private void requirePlain() {
        if (settings.dora()) {
            throw Factors.notPlain(name, "it is DoRA, which is no sum");
        }
        if (settings.allBiases() || !config.modulesToSave().isEmpty()) {
            throw Factors.notPlain(
                    name, "it holds more of the model in full (modules_to_save, bias), which has no weighted sum");
        }
        if (!config.targets().parameters().isEmpty()) {
            throw Factors.notPlain(name, "it updates weights of experts (target_parameters), not linears alone");
        }
        if (LoraStarts.of(settings).changesBase()) {
            throw new UserError(
                    "Cannot combine adapter " + name,
                    "init_lora_weights " + settings.start() + " changed its base model",
                    "Name its converted/default where there is one.");
        }
    }

    private void note(String tensor, SafeTensorsFile weights) {
        boolean factor = tensor.startsWith(PeftFiles.PREFIX) && (tensor.endsWith(DOWN) || tensor.endsWith(UP));
        if (!factor) {
            throw Factors.notPlain(name, tensor + " is no factor of a linear's update");
        }
        String module = module(tensor);
        if (!weights.contains(PeftFiles.PREFIX + module + DOWN) || !weights.contains(PeftFiles.PREFIX + module + UP)) {
            throw new UserError("Cannot load adapter " + name, tensor + " is alone, an update has two factors", "");
        }
        modules.add(module);
    }

    private static String module(String tensor) {
        int suffix = tensor.endsWith(DOWN) ? DOWN.length() : UP.length();
        return tensor.substring(PeftFiles.PREFIX.length(), tensor.length() - suffix);
    }

    public String name() {
        return name;
    }

    /** base_model_name_or_path, empty where it has none. */
    public String baseModel() {
        JsonNode base = config.get("base_model_name_or_path");
        return base.isTextual() ? base.asText() : "";
    }

    /** What it adds to each linear, in the caller's scope, as float32. */
    public SortedMap<String, Factors> updates() {
        SortedMap<String, Factors> updates = new TreeMap<>();
        try (SafeTensorsFile weights = PeftFiles.weights(folder)) {
            for (String module : modules) {
                Tensor down = copy(weights, PeftFiles.PREFIX + module + DOWN);
                Tensor up = copy(weights, PeftFiles.PREFIX + module + UP);
                LoraSettings own = settings.of(module);
                if (down.dim() != 2 || up.dim() != 2 || down.size(0) != own.rank() || up.size(1) != own.rank()) {
                    throw new UserError(
                            "Cannot load adapter " + name,
                            "the factors of " + module + " have not the rank " + own.rank() + " of its config",
                            "Check that " + PeftFiles.CONFIG + " belongs to these weights.");
                }
                updates.put(module, new Factors(down, up, own.scale()));
            }
        }
        return updates;
    }

    private static Tensor copy(SafeTensorsFile weights, String tensor) {
        return weights.tensor(tensor).to(torch.ScalarType.Float).clone();
    }

    /**
     * Compares it with the model that it is said to belong to, weights unread.
     *
     * @throws UserError if a linear is not there or has another shape
     */
    public void check(ModelConfig model) {
        Map<String, ProjectionSlot> linears = model.described().projections();
        try (Scope scope = Scope.open()) {
            updates().forEach((module, factors) -> {
                ProjectionSlot slot = linears.get(module);
                if (slot == null) {
                    throw misfit("the model has no linear " + module + " (nearest: "
                            + Registry.nearest(module, linears.keySet()) + ")");
                }
                Projection linear = slot.get();
                if (factors.down().size(1) != linear.inFeatures()
                        || factors.up().size(0) != linear.outFeatures()) {
                    throw misfit(module + " is [" + factors.up().size(0) + ", "
                            + factors.down().size(1) + "] for it and [" + linear.outFeatures() + ", "
                            + linear.inFeatures() + "] in the model");
                }
            });
        }
    }

    private UserError misfit(String cause) {
        return new UserError(
                "Adapter " + name + " is for another base model", cause, "It names " + baseModel() + " as its base.");
    }

    /**
     * Writes one adapter made of several into a folder of PEFT's layout.
     *
     * @param weights of the files, in their order
     * @param baseModel base_model_name_or_path of the result
     * @throws UserError if they do not fit each other
     */
    public static void combine(
            List<LoraFile> files, List<Double> weights, Combination how, String baseModel, Path target) {
        try (Scope scope = Scope.open()) {
            List<LoraCombination.Part> parts = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                parts.add(new LoraCombination.Part(
                        files.get(i).name(), weights.get(i), files.get(i).updates()));
            }
            LoraCombination.Result result = LoraCombination.result(how, parts);
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            result.values().forEach((module, values) -> {
                tensors.put(PeftFiles.PREFIX + module + DOWN, values.down());
                tensors.put(PeftFiles.PREFIX + module + UP, values.up());
            });
            Targets targets = new Targets(targetModules(files));
            PeftFiles.write(target, PeftConfig.write(new Lora(result.settings()), targets, baseModel), tensors);
        }
    }

    /** The suffixes that the files' configs name where all do so; otherwise every module by its whole name. */
    private static List<String> targetModules(List<LoraFile> files) {
        SortedSet<String> names = new TreeSet<>();
        boolean listed = files.stream()
                .allMatch(file -> file.config.get("target_modules").isArray());
        files.forEach(file -> names.addAll(listed ? file.config.texts("target_modules") : file.modules));
        return List.copyOf(names);
    }
}
