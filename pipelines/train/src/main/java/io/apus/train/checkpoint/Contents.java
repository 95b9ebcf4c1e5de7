package io.apus.train.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the files of a checkpoint into a folder. */
public interface Contents {
    void write(Path folder) throws IOException;
}
