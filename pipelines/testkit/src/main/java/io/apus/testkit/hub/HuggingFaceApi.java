package io.apus.testkit.hub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of the Hugging Face API that clients download with. */
final class HuggingFaceApi {
    private static final Pattern API = Pattern.compile("/api/(models|datasets)/(.+?)/(revision|tree)/([^/?]+)");
    private static final Pattern RESOLVE = Pattern.compile("/(datasets/)?(.+?)/resolve/([^/]+)/(.+)");
    private static final Pattern CURSOR = Pattern.compile("cursor=(\\d+)");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final LoopbackHub hub;

    HuggingFaceApi(LoopbackHub hub) {
        this.hub = hub;
    }

    void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Optional<Fault> fault = hub.fault(path);
        Matcher api = API.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        if (fault.isPresent()) {
            hub.misbehave(exchange, new byte[] {'{', '}'}, fault.get());
        } else if (api.matches()) {
            api(exchange, api.group(1) + "/" + api.group(2), api.group(3), decoded(api.group(4)));
        } else if (resolve.matches()) {
            String kind = resolve.group(1) == null ? "models/" : resolve.group(1);
            file(exchange, kind + resolve.group(2), decoded(resolve.group(3)), decoded(resolve.group(4)));
        } else {
            refuse(exchange, 404, "EntryNotFound", "no such page");
        }
    }

    private void api(HttpExchange exchange, String key, String what, String revision) throws IOException {
        Optional<HubRepo> repo = open(exchange, key);
        if (repo.isEmpty()) {
            return;
        }
        if (!repo.get().hasRevision(revision)) {
            refuse(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
        } else if (what.equals("revision")) {
            Answers.json(
                    exchange,
                    200,
                    JSON.objectNode().put("id", key).put("sha", repo.get().commit()));
        } else {
            tree(exchange, repo.get());
        }
    }

    private void tree(HttpExchange exchange, HubRepo repo) throws IOException {
        Matcher cursor = CURSOR.matcher(exchange.getRequestURI().getRawQuery());
        int from = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
        List<HubRepo.Blob> all = List.copyOf(repo.files());
        int to = Math.min(all.size(), from + hub.pageSize());
        ArrayNode page = JSON.arrayNode();
        page.addObject()
                .put("type", "directory")
                .put("path", "a-folder")
                .put("oid", "0".repeat(40))
                .put("size", 0);
        all.subList(from, to).forEach(blob -> describe(page.addObject(), blob));
        if (to < all.size()) {
            String next = exchange.getRequestURI().getRawPath() + "?recursive=true&cursor=" + to;
            exchange.getResponseHeaders().set("Link", "<https://hub.example" + next + ">; rel=\"next\"");
        }
        Answers.json(exchange, 200, page);
    }

    private static void describe(ObjectNode entry, HubRepo.Blob blob) {
        entry.put("type", blob.link() ? "symlink" : "file").put("path", blob.path());
        entry.put("oid", blob.gitId()).put("size", blob.bytes().length);
        if (blob.lfs()) {
            entry.putObject("lfs")
                    .put("oid", blob.sha256())
                    .put("size", blob.bytes().length)
                    .put("pointerSize", 130);
        }
    }

    private void file(HttpExchange exchange, String key, String revision, String path) throws IOException {
        Optional<HubRepo> repo = open(exchange, key);
        if (repo.isEmpty()) {
            return;
        }
        Optional<HubRepo.Blob> blob = repo.get().file(path);
        if (repo.get().isGated()) {
            refuse(exchange, 403, "GatedRepo", "Access to this repository is restricted");
        } else if (!repo.get().hasRevision(revision) || blob.isEmpty()) {
            refuse(exchange, 404, "EntryNotFound", "Entry not found");
        } else {
            exchange.getResponseHeaders().set("X-Repo-Commit", repo.get().commit());
            if (blob.get().lfs()) {
                exchange.getResponseHeaders()
                        .set("X-Linked-Etag", "\"" + blob.get().sha256() + "\"");
                exchange.getResponseHeaders()
                        .set("X-Linked-Size", "" + blob.get().bytes().length);
            } else {
                exchange.getResponseHeaders().set("ETag", "\"" + blob.get().gitId() + "\"");
            }
            hub.serve(exchange, key, blob.get());
        }
    }

    private Optional<HubRepo> open(HttpExchange exchange, String key) throws IOException {
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        String token = sent == null ? "" : sent.replace("Bearer ", "");
        Optional<HubRepo> repo = hub.find(key).filter(found -> found.isOpenTo(token));
        if (repo.isEmpty()) {
            refuse(exchange, 401, "RepoNotFound", "Repository not found");
        }
        return repo;
    }

    private static void refuse(HttpExchange exchange, int status, String code, String message) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.getResponseHeaders().set("X-Error-Message", message);
        Answers.json(exchange, status, JSON.objectNode().put("error", message));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
