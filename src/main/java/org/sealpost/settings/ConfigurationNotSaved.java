package org.sealpost.settings;

import java.io.Serial;
import org.sealpost.mail.Refusal;

/** The change is stored and in force, but the configuration's files could not take it. */
public class ConfigurationNotSaved extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    public ConfigurationNotSaved(Throwable cause) {
        super("the change could not be written to sealpost.home/config", cause);
    }

    @Override
    public String explain() {
        return "The change is stored in the database and in force, but it could not be forced to the"
                + " folder config of the data folder. No mail is delivered until it is there.";
    }

    @Override
    public String remedy() {
        return "Make room on the disk, or the folder writable. Sealpost tries again by itself every"
                + " two seconds.";
    }
}
