package io.apus.model;

import io.apus.schemas.UserError;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the weight files of a model's folder hold, read from their headers alone.
 *
 * @param files how many files there are
 * @param tensors how many tensors are in them
 * @param bytes of all tensors
 * @param types as which they are stored, e.g. BF16; several where they are mixed
 * @param problems why they cannot be loaded with the folder's config.json, as {@link DecoderModel#load} would say; empty where they can
 */
public record StoredWeights(int files, int tensors, long bytes, List<String> types, List<String> problems) {
    public StoredWeights {
        types = List.copyOf(types);
        problems = List.copyOf(problems);
    }

    /**
     * Reads the headers.
     *
     * @param configOrNull what the folder's config.json asks for; without it, names and shapes are not compared
     */
    public static StoredWeights of(Path folder, ModelConfig configOrNull) {
        try (WeightFiles files = WeightFiles.open(folder)) {
            List<String> problems = new ArrayList<>();
            if (configOrNull != null) {
                files.expect(configOrNull.shapes().keySet());
                Misfits misfits = WeightReader.misfits(
                        files,
                        configOrNull.shapes(),
                        configOrNull,
                        new QuantisedReader(files, configOrNull, Optional.empty()),
                        new BlockScaledExperts(files, configOrNull.shapes().keySet()));
                if (!misfits.isEmpty()) {
                    problems.add(misfits.error().getMessage());
                }
            }
            return counted(files, problems);
        } catch (UserError e) {
            return new StoredWeights(0, 0, 0, List.of(), List.of(e.getMessage()));
        }
    }

    private static StoredWeights counted(WeightFiles files, List<String> problems) {
        Set<String> types = new TreeSet<>();
        Set<SafeTensorsFile> holders = new HashSet<>();
        long bytes = 0;
        for (String name : files.names()) {
            TensorInfo info = files.info(name);
            types.add(info.dtype().name());
            holders.add(files.file(name));
            bytes += info.end() - info.begin();
        }
        return new StoredWeights(holders.size(), files.names().size(), bytes, List.copyOf(types), problems);
    }
}
