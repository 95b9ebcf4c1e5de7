package io.apus.train.checkpoint;

import java.util.List;

/**
 * One file of a checkpoint.
 *
 * @param path within the checkpoint's folder
 * @param sha256 of all its bytes
 * @param chunks CRC-32C of every {@value #CHUNK} bytes, the last chunk shorter: whoever reads a part checks that part
 */
record StoredFile(String path, long bytes, String sha256, List<String> chunks) {
    static final int CHUNK = 1 << 20;

    StoredFile {
        chunks = List.copyOf(chunks);
    }
}
