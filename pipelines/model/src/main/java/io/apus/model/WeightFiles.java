package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.pytorch.Tensor;

/** The safetensors of a model's folder: one model.safetensors, or shards that model.safetensors.index.json lists. */
final class WeightFiles implements LoadedParts.Source {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<SafeTensorsFile> files = new ArrayList<>();
    private final Map<String, SafeTensorsFile> byName = new TreeMap<>();
    private final Map<String, String> bareNames = new TreeMap<>();

    private WeightFiles() {}

    static WeightFiles open(Path folder) {
        WeightFiles opened = new WeightFiles();
        try {
            for (String name : fileNames(folder)) {
                opened.add(SafeTensorsFile.open(folder.resolve(name)));
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Whether {@code folder} holds weights at all. */
    static boolean present(Path folder) {
        return Files.exists(folder.resolve(INDEX)) || Files.exists(folder.resolve(SINGLE));
    }

    private static Collection<String> fileNames(Path folder) {
        if (Files.exists(folder.resolve(INDEX))) {
            return shards(folder);
        }
        if (Files.exists(folder.resolve(SINGLE))) {
            return List.of(SINGLE);
        }
        throw new UserError(
                "Cannot load weights",
                folder + " holds neither " + SINGLE + " nor " + INDEX,
                "Only safetensors are read: convert pickled weights (pytorch_model.bin) first.");
    }

    private static Set<String> shards(Path folder) {
        Set<String> names = new TreeSet<>();
        try {
            JsonNode map = JSON.readTree(folder.resolve(INDEX).toFile()).path("weight_map");
            map.forEach(node -> names.add(node.asText()));
        } catch (IOException e) {
            throw new UserError("Cannot load weights", INDEX + " is not JSON", "Fetch it again.", e);
        }
        for (String name : names) {
            if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\") || name.contains("..")) {
                throw new UserError(
                        "Cannot load weights", INDEX + " names \"" + name + "\", which is no file beside it", "");
            }
        }
        return names;
    }

    private void add(SafeTensorsFile file) {
        files.add(file);
        for (String name : file.names()) {
            SafeTensorsFile other = byName.put(name, file);
            if (other != null) {
                throw new UserError(
                        "Cannot load weights",
                        name + " is in both " + other.path().getFileName() + " and "
                                + file.path().getFileName(),
                        "Remove the shards that the index does not need.");
            }
        }
    }

    Set<String> names() {
        return byName.keySet();
    }

    /** Finds tensors also where files leave their names' first part out, as those of a class without a head do: layers.0 for model.layers.0. */
    void expect(Set<String> wanted) {
        for (String name : wanted) {
            String bare = name.substring(name.indexOf('.') + 1);
            if (!byName.containsKey(name) && !wanted.contains(bare) && byName.containsKey(bare)) {
                byName.put(name, byName.remove(bare));
                bareNames.put(name, bare);
            }
        }
    }

    /** What the files call the tensor {@code name}. */
    String stored(String name) {
        return bareNames.getOrDefault(name, name);
    }

    /** The tensor {@code name}, which is there, as it is stored; the caller's scope owns the handle. */
    Tensor tensor(String name) {
        return file(name).tensor(stored(name));
    }

    /** What the header says of the tensor {@code name}, which is there. */
    TensorInfo info(String name) {
        return file(name).info(stored(name));
    }

    /** The file that holds {@code name}, or null. */
    SafeTensorsFile file(String name) {
        return byName.get(name);
    }

    @Override
    public void close() {
        files.forEach(SafeTensorsFile::close);
        files.clear();
    }
}
