package org.sealpost;

import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;

/** The embedded database. */
@RunningSealpost
class StorageOnH2Tests extends StorageContract {

    StorageOnH2Tests(BeanFactory sealpost) {
        super(sealpost);
    }
}
