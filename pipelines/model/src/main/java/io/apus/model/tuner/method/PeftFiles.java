package io.apus.model.tuner.method;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.layer.Parameter;
import io.apus.schemas.UserError;
import io.apus.tensor.NoGrad;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.SafeTensorsWriter;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** An adapter's folder as PEFT lays it out: adapter_config.json and adapter_model.safetensors with prefixed names. */
public final class PeftFiles {
    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";
    /** PEFT's model holds the adapted model under this name. */
    public static final String PREFIX = "base_model.model.";

    private static final ObjectMapper JSON = new ObjectMapper();

    private PeftFiles() {}

    /** Writes {@code tensors} by the names that they have in the file. */
    public static void write(Path folder, ObjectNode config, SortedMap<String, Tensor> tensors) {
        try {
            Files.createDirectories(folder);
            SafeTensorsWriter.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config);
            Files.writeString(folder.resolve(CONFIG), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder, e);
        }
    }

    public static PeftConfig config(Path folder) {
        try {
            return new PeftConfig(JSON.readTree(Files.readString(folder.resolve(CONFIG))));
        } catch (NoSuchFileException e) {
            throw unreadable(folder + " has no " + CONFIG, e);
        } catch (IOException e) {
            throw unreadable(folder.resolve(CONFIG) + " cannot be read as JSON", e);
        }
    }

    private static UserError unreadable(String cause, IOException e) {
        return new UserError(
                "Cannot load adapter", cause, "Give the folder that holds " + CONFIG + " and " + WEIGHTS + ".", e);
    }

    /** The tensors of an adapter's folder. */
    public static SafeTensorsFile weights(Path folder) {
        return SafeTensorsFile.open(folder.resolve(WEIGHTS));
    }

    /** Copies the stored values into {@code wanted}; every missing, unexpected or misshapen tensor is named at once. */
    public static void read(Path folder, SortedMap<String, Parameter> wanted) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad();
                SafeTensorsFile file = weights(folder)) {
            List<String> faults = new ArrayList<>();
            wanted.forEach((name, parameter) -> check(file, name, parameter.shape(), faults));
            file.names().stream()
                    .filter(name -> !wanted.containsKey(name))
                    .forEach(name -> faults.add(name + " has no place in the model"));
            if (!faults.isEmpty()) {
                throw new UserError(
                        "Cannot load adapter",
                        String.join("; ", faults),
                        "Check that " + CONFIG + " and the base model belong to these weights.");
            }
            wanted.forEach((name, parameter) -> parameter.tensor().copy_(file.tensor(name)));
        }
    }

    private static void check(SafeTensorsFile file, String name, long[] shape, List<String> faults) {
        if (!file.contains(name)) {
            faults.add(name + " is missing");
        } else if (!Arrays.equals(file.info(name).sizes(), shape)) {
            faults.add(name + " has shape " + file.info(name).shape() + " in " + WEIGHTS + ", the config needs "
                    + Arrays.toString(shape));
        }
    }
}
