package io.apus.testkit.hub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of the ModelScope API that clients download with. */
final class ModelScopeApi {
    private static final Pattern API = Pattern.compile("/api/v1/(models|datasets)/([^/]+/[^/]+)/repo(/files|/tree)?");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final LoopbackHub hub;

    ModelScopeApi(LoopbackHub hub) {
        this.hub = hub;
    }

    void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Optional<Fault> fault = hub.fault(path);
        Matcher api = API.matcher(path);
        if (fault.isPresent()) {
            hub.misbehave(exchange, new byte[] {'{', '}'}, fault.get());
            return;
        }
        if (!api.matches()) {
            refuse(exchange, 404, "no such page");
            return;
        }
        String key = api.group(1) + "/" + api.group(2);
        String cookie = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
        Optional<HubRepo> repo = hub.find(key).filter(found -> found.isOpenTo(cookie.replace("m_session_id=", "")));
        if (repo.isEmpty()) {
            refuse(exchange, 404, "Record not found");
        } else if (api.group(3) == null) {
            file(exchange, key, repo.get(), query(exchange));
        } else {
            list(exchange, repo.get(), query(exchange));
        }
    }

    private void list(HttpExchange exchange, HubRepo repo, Map<String, String> query) throws IOException {
        ObjectNode data = JSON.objectNode();
        if (repo.hasRevision(query.get("Revision"))) {
            List<HubRepo.Blob> all = List.copyOf(repo.files());
            int size = Integer.parseInt(query.getOrDefault("PageSize", "" + Math.max(1, all.size())));
            int from = Math.min(all.size(), size * (Integer.parseInt(query.getOrDefault("PageNumber", "1")) - 1));
            ArrayNode files = data.putArray("Files");
            all.subList(from, Math.min(all.size(), from + size))
                    .forEach(blob -> describe(files.addObject(), blob, repo));
            data.putObject("LatestCommitter")
                    .put("Id", "")
                    .put("ShortId", repo.commit().substring(0, 8));
        } else {
            data.putNull("Files");
        }
        ObjectNode answer =
                JSON.objectNode().put("Code", 200).put("Success", true).put("Message", "success");
        answer.set("Data", data);
        Answers.json(exchange, 200, answer);
    }

    private static void describe(ObjectNode entry, HubRepo.Blob blob, HubRepo repo) {
        entry.put("Path", blob.path()).put("Type", "blob").put("Mode", blob.link() ? "40960" : "33188");
        entry.put("Size", blob.bytes().length).put("Sha256", blob.sha256()).put("IsLFS", blob.lfs());
        entry.put("Revision", repo.commit());
    }

    private void file(HttpExchange exchange, String key, HubRepo repo, Map<String, String> query) throws IOException {
        Optional<HubRepo.Blob> blob = repo.file(query.get("FilePath"));
        if (blob.isEmpty() || !repo.hasRevision(query.get("Revision"))) {
            refuse(exchange, 404, "file not found");
        } else {
            hub.serve(exchange, key, blob.get());
        }
    }

    private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
        Answers.json(
                exchange,
                status,
                JSON.objectNode()
                        .put("Code", 10010205001L)
                        .put("Success", false)
                        .put("Message", message));
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }
}
