package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ForeignPagesTests {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "POST,   -,           -,                      false",
                "POST,   same-origin, -,                      false",
                "POST,   none,        -,                      false",
                "POST,   cross-site,  -,                      true",
                "PUT,    same-site,   -,                      true",
                "GET,    cross-site,  -,                      false",
                "DELETE, -,           http://console.test,    false",
                "DELETE, -,           https://console.test,   true",
                "DELETE, -,           http://console.test:81, true",
                "DELETE, -,           http://evil.test,       true",
                "DELETE, -,           null,                   true"
            })
    void tellsAForeignPagesWrite(String method, String site, String origin, boolean foreign) {
        var request = new MockHttpServletRequest(method, "/api/v1/policies");
        request.setServerName("console.test");
        if (site != null) {
            request.addHeader("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.addHeader("Origin", origin);
        }

        assertThat(new ForeignPages().matches(request)).isEqualTo(foreign);
    }
}
