package dev.mynah.cli;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rooms of the house and which of them may use which; see docs/design.md. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.mynah");

    @Test
    void everyRoomIsLookedAt() {
        for (String room :
                new String[] {"files", "tensor", "text", "model", "engine", "data", "train", "server", "cli"}) {
            assertThat(CLASSES)
                    .as("classes of dev.mynah.%s", room)
                    .anyMatch(type -> type.getPackageName().startsWith("dev.mynah." + room));
        }
    }

    @Test
    void roomsUseOnlyTheRoomsBeforeThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.mynah..")
                .layer("files")
                .definedBy("dev.mynah.files..")
                .layer("tensor")
                .definedBy("dev.mynah.tensor..")
                .layer("text")
                .definedBy("dev.mynah.text..")
                .layer("model")
                .definedBy("dev.mynah.model..")
                .layer("engine")
                .definedBy("dev.mynah.engine..")
                .layer("data")
                .definedBy("dev.mynah.data..")
                .layer("train")
                .definedBy("dev.mynah.train..")
                .layer("server")
                .definedBy("dev.mynah.server..")
                .layer("cli")
                .definedBy("dev.mynah.cli..")
                .ensureAllClassesAreContainedInArchitecture()
                .whereLayer("files")
                .mayNotAccessAnyLayer()
                .whereLayer("tensor")
                .mayNotAccessAnyLayer()
                .whereLayer("text")
                .mayOnlyAccessLayers("files")
                .whereLayer("model")
                .mayOnlyAccessLayers("files", "tensor", "text")
                .whereLayer("engine")
                .mayOnlyAccessLayers("files", "tensor", "text", "model")
                .whereLayer("data")
                .mayOnlyAccessLayers("files", "text")
                .whereLayer("train")
                .mayOnlyAccessLayers("files", "tensor", "text", "model", "engine", "data")
                .whereLayer("server")
                .mayOnlyAccessLayers("files", "tensor", "text", "model", "engine")
                .check(CLASSES);
    }

    @Test
    void onlyTheTensorRoomKnowsLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.mynah.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void nothingStaticCanBeReassigned() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(SYNTHETIC)
                .should()
                .haveModifier(FINAL)
                .check(CLASSES);
    }
}
