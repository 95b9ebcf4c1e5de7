package io.apus.jobs.launch.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One YAML file of a catalog; what is wrong with it is collected, so that {@link #check} reports all of it at once. */
public final class CatalogFile {
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private final Path file;
    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private CatalogFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @throws UserError if it cannot be read or is no YAML object
     */
    public static CatalogFile open(Path file) {
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root == null || !root.isObject()) {
                throw broken(file, "it is no list of \"key: value\" lines", null);
            }
            return new CatalogFile(file, root);
        } catch (JsonProcessingException e) {
            throw broken(file, "it is not YAML: " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
        } catch (IOException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static UserError broken(Path file, String cause, Exception revealedBy) {
        return new UserError("Cannot read the catalog file " + file, cause, "", revealedBy);
    }

    /** The file's name without its ending. */
    public String name() {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** A path that is relative to the file, made absolute. */
    public Path beside(String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    /** The keys of the whole file; every one that is none of {@code known} is noted. */
    public CatalogFields fields(List<String> known) {
        return fields("", root, known);
    }

    /** The keys of an object in the file; {@code place} says where, before what is wrong there. */
    public CatalogFields fields(String place, JsonNode object, List<String> known) {
        return new CatalogFields(place, object, problems).only(known);
    }

    /** Notes what is wrong. */
    public void problem(String what) {
        problems.add(what);
    }

    /**
     * Ends the reading.
     *
     * @throws UserError with everything that was noted
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw broken(file, String.join("; ", problems), null);
        }
    }
}
