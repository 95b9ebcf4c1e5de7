package io.apus.train.storage;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Where files lie that all ranks share: a folder of a file system or a prefix of an object store. File names are relative and have {@code /}
 * between their parts. Nothing needs a rename: whoever writes several files says with a last one that they are complete.
 */
public interface Storage {
    /** The place, as a person would write it. */
    String location();

    /** Begins {@code file} or replaces it; it is durable once closed. A file whose writing failed may be there in part. */
    WritableByteChannel create(String file) throws IOException;

    /** Writes a small file, which appears with all its bytes at once where the storage can do that. */
    void put(String file, byte[] bytes) throws IOException;

    /** Opens {@code file} for reading; throws {@link java.nio.file.NoSuchFileException} when there is none. */
    StoredBytes open(String file) throws IOException;

    /** Names of what lies directly in {@code folder} ({@code ""} for all), sorted; empty when there is no such folder. */
    List<String> list(String folder) throws IOException;

    /** Removes a file or a folder with all that lies in it; nothing happens when it does not exist. */
    void delete(String path) throws IOException;
}
