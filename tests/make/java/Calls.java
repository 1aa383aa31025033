package example;

/** Where clients take secrets; what begins with a tilde is replaced by a test, which looks for it. */
class Calls {
  static class Twilio {
    static void init(String account, String token) {}
  }

  static class Keys {
    static Object hmacShaKeyFor(byte[] key) {
      return key;
    }
  }

  static class Client {
    Client(String account, String token) {}
  }

  interface Request {
    String getHeader(String name);
  }

  boolean asked(Request request, java.util.Map<String, String> map, String password) {
    return "~asked header~~~~~~~~~~~~~~~~~~~".equals(request.getHeader("X-Api-Key"))
        || "~asked map~~~~~~~~~~~~~~~~~~~~~~".equals(map.get("db.password"))
        || java.util.Objects.equals("~asked setting~~~~~~~~~~~~~~~~~~", System.getenv("API_TOKEN"))
        || java.util.Objects.equals(password, "~asked variable~~~~~~~~~~~~~~~~~");
  }

  void commands(Runtime runtime) throws java.io.IOException {
    new ProcessBuilder("mysql", "-u", "root", "-p~started~~~~~~~~").start();
    new ProcessBuilder(java.util.List.of("docker", "login", "-p", "~listed~~~~~~~~~")).start();
    runtime.exec(new String[] {"sshpass", "-p", "~executed~~~~~~~", "ssh", "host"});
    runtime.exec(new String[] {"serve", "--port", "8080", "release-2024-v2"});
  }

  void calls(String account) {
    Twilio.init(account, "~twilio~~~~~~~~~~~~~~~~~~~~~~~~~");
    Keys.hmacShaKeyFor("~signing~~~~~~~~~~~~~~~~~~~~~~~~".getBytes());
    new Client(account, "~client~~~~~~~~~~~~~~~~~~~~~~~~~");
    new Client(account, "release-2024-v2");
  }
}
