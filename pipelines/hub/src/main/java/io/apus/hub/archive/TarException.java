package io.apus.hub.archive;

import java.io.IOException;

/** A tar file that is damaged. */
final class TarException extends IOException {
    private static final long serialVersionUID = 1L;

    TarException(String message) {
        super(message);
    }
}
