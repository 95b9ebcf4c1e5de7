package io.apus.shards;

import io.apus.schemas.UserError;
import java.nio.file.Path;

/** A shard that is not what its manifest says, as the user sees it. */
final class ShardDamage {
    private static final String CURE = "The packed data changed or was damaged after the pack stage: run pack again.";

    private ShardDamage() {}

    static UserError of(Path file, String found) {
        return new UserError("Cannot read the shard " + file, found, CURE);
    }

    static UserError of(Path file, String found, Throwable revealedBy) {
        return new UserError("Cannot read the shard " + file, found, CURE, revealedBy);
    }
}
