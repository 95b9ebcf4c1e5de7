package io.apus.export.format;

import io.apus.model.DecoderModel;
import java.io.IOException;
import java.nio.file.Path;

/** A format in which a trained model is written, and read again to check it. */
public interface ExportFormat {
    /** Name of the file or folder below the export's folder. */
    String fileName();

    /** Largest mean KL divergence, in nats, of next-token distributions from the trained model's that the format explains. */
    double tolerance();

    /**
     * Looks whether models of {@code architecture} can be written.
     *
     * @throws io.apus.schemas.UserError if not
     */
    default void check(String architecture) {}

    /** Writes the model to {@code target}, a file or a folder that does not exist yet. */
    void write(ExportSource source, Path target) throws IOException;

    /** Reads {@code target} as another program would; {@code source} may only give what the format has no place for. */
    DecoderModel reload(ExportSource source, Path target) throws IOException;
}
