package io.apus.train.checkpoint;

import io.apus.schemas.UserError;
import io.apus.schemas.spec.CheckpointSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A checkpoint's folder as a person names it.
 *
 * @param parent where it lies: a path or a URI
 */
public record CheckpointFolder(String parent, int step) {
    /** Takes {@code location}, which may be a link to such a folder, apart. */
    public static CheckpointFolder of(String location) {
        String folder = target(location);
        String bare = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
        int slash = bare.lastIndexOf('/');
        OptionalInt step = CheckpointStore.step(bare.substring(slash + 1));
        if (slash <= 0 || step.isEmpty()) {
            throw new UserError(
                    "Cannot resume from " + location,
                    "a checkpoint is a folder step-N",
                    "Check resume_from_checkpoint.");
        }
        return new CheckpointFolder(bare.substring(0, slash), step.getAsInt());
    }

    private static String target(String location) {
        if (CheckpointSpec.isUri(location)) {
            return location;
        }
        Path path = Path.of(location).toAbsolutePath().normalize();
        try {
            return Files.isSymbolicLink(path) ? path.toRealPath().toString() : path.toString();
        } catch (IOException e) {
            throw new UserError(
                    "Cannot resume from " + location, "the link leads nowhere", "Check resume_from_checkpoint.", e);
        }
    }
}
