package io.apus.hub.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;

/**
 * A good answer whose body is still to be read.
 *
 * @param first the headers of the hub's own answer, where it redirected; else those of the answer
 * @param headers those of the answer
 */
record Reply(int status, HttpHeaders first, HttpHeaders headers, InputStream body) implements Closeable {
    @Override
    public void close() throws IOException {
        body.close();
    }
}
