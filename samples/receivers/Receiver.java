// A receiver of nedwatch's webhooks in Java's standard library alone (17 or newer): verifies, keeps, and answers only then.
// Run: WEBHOOK_SECRET=whsec_… java Receiver.java 8080 received.ndjson

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Receiver {
  private static final int TOLERANCE_SECONDS = 300;
  private static final int LARGEST_BODY = 1_000_000;
  // Both stand before `data` in every message. A real receiver reads the body with its JSON library.
  private static final Pattern ID = Pattern.compile("^\\{\"id\":\"([^\"]+)\",\"type\":\"([^\"]+)\"");
  private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":(\\d+),\"data\"");

  private final SecretKeySpec key;
  private final FileChannel log;
  private final Set<String> known = new HashSet<>();
  private long highest = 0;

  private Receiver(String secret, Path file) throws IOException {
    byte[] bytes = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
    if (bytes.length < 24) throw new IllegalArgumentException("Set WEBHOOK_SECRET to the secret that nedwatch showed: whsec_…");
    key = new SecretKeySpec(bytes, "HmacSHA256");
    if (Files.exists(file))
      for (String line : Files.readAllLines(file)) {
        var id = ID.matcher(line);
        var sequence = SEQUENCE.matcher(line);
        // A line that a crash cut off was never answered, so it comes again.
        if (!line.endsWith("}") || !id.find() || !sequence.find()) continue;
        known.add(id.group(1));
        highest = Math.max(highest, Long.parseLong(sequence.group(1)));
      }
    log = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Whether it was signed with our secret (Standard Webhooks 1.0), lately. */
  private boolean isGenuine(String id, String timestamp, String signatures, byte[] body) throws Exception {
    if (id == null || signatures == null || timestamp == null || !timestamp.matches("\\d{1,12}")) return false;
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) return false;
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key);
    mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
    String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    return Arrays.stream(signatures.split(" "))
        .anyMatch(one -> MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8)));
  }

  /** On the disk before it is answered: a 2xx says that we have it. */
  private synchronized void keep(String id, String type, long sequence, byte[] body) throws IOException {
    if (!known.add(id)) {
      System.out.println("again " + id);
      return;
    }
    byte[] line = Arrays.copyOf(body, body.length + 1);
    line[body.length] = '\n';
    log.write(ByteBuffer.wrap(line));
    log.force(true);
    if (sequence > highest + 1)
      System.out.println("waiting for " + (highest + 1) + " to " + (sequence - 1) + ": they are still being tried");
    highest = Math.max(highest, sequence);
    System.out.println(sequence + " " + type);
    // Here: hand it to whoever acts on it. What takes long is done after the answer.
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1); // the bytes as they came: what is signed
      var headers = exchange.getRequestHeaders();
      boolean genuine = body.length <= LARGEST_BODY && isGenuine(headers.getFirst("webhook-id"),
          headers.getFirst("webhook-timestamp"), headers.getFirst("webhook-signature"), body);
      if (genuine) {
        String text = new String(body, StandardCharsets.UTF_8);
        var id = ID.matcher(text);
        var sequence = SEQUENCE.matcher(text);
        if (!id.find() || !sequence.find()) throw new IOException("not a message of nedwatch");
        keep(id.group(1), id.group(2), Long.parseLong(sequence.group(1)), body);
      }
      exchange.sendResponseHeaders(genuine ? 204 : 401, -1);
    } catch (Exception error) {
      System.err.println(error); // no 2xx: it is sent again
    }
  }

  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    Path file = Path.of(args.length > 1 ? args[1] : "received.ndjson");
    Receiver receiver = new Receiver(System.getenv().getOrDefault("WEBHOOK_SECRET", ""), file);
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext("/", receiver::receive);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.start();
    System.out.println("listening on " + server.getAddress().getPort());
  }
}
