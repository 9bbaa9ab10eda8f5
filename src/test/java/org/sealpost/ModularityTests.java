package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {

    private static final ApplicationModules MODULES =
            ApplicationModules.of(SealpostApplication.class);

    @Test
    void arrowsPointDownOnly() {
        MODULES.verify();
    }

    @Test
    void everyModuleStatesWhatItMayUse() {
        assertThat(MODULES)
                .allSatisfy(module ->
                        assertThat(module.getBasePackage().getAnnotation(ApplicationModule.class))
                                .as("package-info of %s", module.getIdentifier())
                                .isPresent());
    }

    @Test
    void drawsTheModules() {
        new Documenter(MODULES).writeModulesAsPlantUml().writeIndividualModulesAsPlantUml();

        assertThat(Path.of("target/spring-modulith-docs/components.puml")).isNotEmptyFile();
    }
}
