package org.sealpost;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.persistence.Entity;
import java.time.ZoneId;
import java.util.Date;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.repository.Repository;

@AnalyzeClasses(packages = "org.sealpost", importOptions = ImportOption.DoNotIncludeTests.class)
class CodeRulesTests {

    @ArchTest
    static final ArchRule noFieldInjection =
            fields().should()
                    .notBeAnnotatedWith(Autowired.class)
                    .because("a constructor shows what a class needs; inject there");

    @ArchTest
    static final ArchRule entitiesStayInTheirModule =
            classes()
                    .that()
                    .areAnnotatedWith(Entity.class)
                    .should()
                    .notBePublic()
                    .because("a door hands out records");

    @ArchTest
    static final ArchRule repositoriesStayInTheirModule =
            classes()
                    .that()
                    .areAssignableTo(Repository.class)
                    .should()
                    .notBePublic()
                    .because("other modules use the door")
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noStandardStreams =
            NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because("use SLF4J");

    @ArchTest
    static final ArchRule noDates =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("org.sealpost.certificate..", "org.sealpost.tls..")
                    .should()
                    .dependOnClassesThat()
                    .belongToAnyOf(Date.class)
                    .because("use Instant; only the certificate API still speaks of Date");

    @ArchTest
    static final ArchRule noDefaultZone =
            noClasses()
                    .should()
                    .callMethod(ZoneId.class, "systemDefault")
                    .because("use UTC and an injected Clock");

    @ArchTest
    static final ArchRule subethaStaysInSmtp =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("org.sealpost.smtp..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.subethamail..")
                    .because("the library must stay replaceable; use the events of smtp");

    @ArchTest
    static final ArchRule jakartaMailStaysInDelivery =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("org.sealpost.delivery..", "org.sealpost.mail..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..")
                    .because("the library must stay replaceable");

    @ArchTest
    static final ArchRule bouncyCastleStaysWithCertificates =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("org.sealpost.certificate..", "org.sealpost.tls..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.bouncycastle..")
                    .because("the library must stay replaceable");

    @ArchTest
    static final ArchRule dnsStaysInDelivery =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("org.sealpost.delivery..", "org.sealpost.standards..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.xbill..")
                    .because("the library must stay replaceable");

    @ArchTest
    static final ArchRule webStaysInTheWebModules =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "org.sealpost.api..",
                            "org.sealpost.console..",
                            "org.sealpost.account..",
                            "org.sealpost.demo..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.springframework.web..")
                    .because("a door knows nothing of HTTP");
}
