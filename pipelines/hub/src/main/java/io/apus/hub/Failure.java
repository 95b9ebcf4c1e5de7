package io.apus.hub;

import io.apus.hub.repo.RepoId;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;

/** What an IOException means to the user: a disk that refuses, or a network that does. */
final class Failure {
    private Failure() {}

    static UserError of(RepoId id, String host, IOException failure) {
        if (failure instanceof FileSystemException disk) {
            String reason = disk.getReason() == null ? disk.getClass().getSimpleName() : disk.getReason();
            return new UserError(
                    "Cannot keep the " + id,
                    disk.getFile() + ": " + reason,
                    "Point HF_HUB_CACHE or MODELSCOPE_CACHE to a folder that can be written.",
                    failure);
        }
        return new UserError(
                "Cannot get the " + id + " from " + host,
                words(failure),
                "Check the network, or set HF_ENDPOINT or MODELSCOPE_ENDPOINT to a mirror; what was received is kept.",
                failure);
    }

    static String words(IOException failure) {
        if (failure instanceof ConnectException) {
            return "no connection";
        }
        if (failure instanceof HttpTimeoutException && failure.getMessage() == null) {
            return "no answer in time";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
