package example;

import java.net.PasswordAuthentication;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Every way in which a class ties a string to a name. The test puts generated secrets in place of the `~` texts. */
@Shapes.Login(password = "~annotation of a class~~")
class Shapes {
  static final String DB_PASSWORD = "~constant~~~~~~~~~~~~~~~";
  static String apiToken = "~static~~~~~~~~~~~~~~~~~";
  private String clientSecret = "~field~~~~~~~~~~~~~~~~~~";

  @Value("${smtp.password:~default of a setting~~~}")
  private String smtp;

  @interface Login {
    String password() default "~annotation default~~~~~";
  }

  @interface Value {
    String value();
  }

  static class Client {
    void setPassword(String p) {}

    Client password(String p) {
      return this;
    }

    void connect(String host, String user, String p) {}
  }

  static class BasicAWSCredentials {
    BasicAWSCredentials(String id, String key) {}
  }

  void local() {
    String password = "~local~~~~~~~~~~~~~~~~~~";
    System.out.println(password.length());
  }

  void calls(Map<String, String> map, boolean first) throws Exception {
    Client client = new Client();
    client.setPassword("~setter~~~~~~~~~~~~~~~~~");
    client.password("~builder~~~~~~~~~~~~~~~~");
    map.put("db.password", "~map~~~~~~~~~~~~~~~~~~~~");
    Map<String, String> made = Map.of("host", "db1.internal", "api_key", "~map of~~~~~~~~~~~~~~~~~");
    Properties p = new Properties();
    p.setProperty("password", first ? "~one of two~~~~~~~~~~~~~" : "~other of two~~~~~~~~~~~");
    DriverManager.getConnection("jdbc:postgresql://db/app", "app7user", "~connection~~~~~~~~~~~~~");
    Object key = new SecretKeySpec("~key~~~~~~~~~~~~~~~~~~~~".getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    Object derived = new PBEKeySpec("~derived~~~~~~~~~~~~~~~~".toCharArray());
    Object login = new PasswordAuthentication("app7user", "~login~~~~~~~~~~~~~~~~~~".toCharArray());
    Object cloud = new BasicAWSCredentials("AKEXAMPLEID7", "~cloud~~~~~~~~~~~~~~~~~~");
    long waited = 3L;
    own("db1", waited, "~own method~~~~~~~~~~~~~");
  }

  static void own(String host, long timeout, String passphrase) {
    System.out.println(host + timeout + passphrase);
  }

  String getAccessToken() {
    return "~returned~~~~~~~~~~~~~~~";
  }

  boolean check(String password) {
    return password.equals("~compared~~~~~~~~~~~~~~~");
  }

  String unnamed() {
    return String.join("-", "a", "~unnamed~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~");
  }

  void harmless(Client client) {
    client.connect("db1.internal", "app7user9", "plain7words8here");
    System.getProperty("x7y8z9aaBB12cc", "file7name8.of.no9.use");
  }
}
