// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.walls;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.pkttraits.Traits;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.PacketTraits;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the class files of all modules against {@link Arrows}. */
final class WallsTest {
    private static final String ROOT = "io.pkttraits";

    /** The front door uses the carriers, and these its vocabulary. */
    private static final Set<String> MUTUAL = Set.of("transport", "transport.internal.carrier");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/jmh_generated/"))
            .importPackages(ROOT);

    @Test
    void everyArrowBetweenPackagesIsPlanned() {
        classes().should(new UseWhatIsPlanned()).check(CLASSES);
    }

    @Test
    void everyPlannedPackageExists() {
        Set<String> found = new TreeSet<>();
        CLASSES.forEach(c -> found.add(room(c)));
        found.remove("walls");
        assertEquals(Arrows.packages(), found);
    }

    @Test
    void plannedArrowsHaveNoCircle() {
        Set<String> floors = new HashSet<>();
        Set<String> left = Arrows.packages();
        while (!left.isEmpty()) {
            List<String> next = new ArrayList<>();
            for (String room : left) {
                Set<String> below = new HashSet<>(Arrows.allowedFrom(room));
                below.removeAll(floors);
                if (MUTUAL.contains(room)) {
                    below.removeAll(MUTUAL);
                }
                if (below.isEmpty()) {
                    next.add(room);
                }
            }
            assertTrue(!next.isEmpty(), () -> "a circle among " + left);
            floors.addAll(next);
            left.removeAll(next);
        }
    }

    @Test
    void noPublicApiExposesAnInternalType() {
        classes().should(new ExposeNothingInternal()).check(CLASSES);
    }

    @Test
    void modulesExportWhatIsPublicAndNothingInternal() throws Exception {
        Set<String> exported = new TreeSet<>();
        for (Class<?> ofModule : List.of(Traits.class, TraitRegistry.class, PacketTraits.class)) {
            Path classes = Path.of(
                    ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
            for (ModuleReference module : ModuleFinder.of(classes).findAll()) {
                module.descriptor().exports().stream()
                        .filter(e -> !e.isQualified())
                        .forEach(e -> exported.add(room(e.source())));
            }
        }
        Set<String> open = Arrows.packages();
        open.removeIf(room -> (room + ".").contains("internal.") || room.matches("(proxy|example|bench).*"));
        assertEquals(open, exported);
    }

    private static String room(JavaClass c) {
        return room(c.getPackageName());
    }

    private static String room(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }

    private static boolean isOurs(JavaClass c) {
        return c.getPackageName().equals(ROOT) || c.getPackageName().startsWith(ROOT + ".");
    }

    private static boolean isInternal(JavaClass c) {
        return isOurs(c) && (room(c) + ".").contains("internal.");
    }

    private static final class UseWhatIsPlanned extends ArchCondition<JavaClass> {
        UseWhatIsPlanned() {
            super("use only packages that Arrows allows");
        }

        @Override
        public void check(JavaClass from, ConditionEvents events) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass().getBaseComponentType();
                if (isOurs(to) && !Arrows.isAllowed(room(from), room(to))) {
                    events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                }
            }
        }
    }

    private static final class ExposeNothingInternal extends ArchCondition<JavaClass> {
        ExposeNothingInternal() {
            super("expose no internal type to users");
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            if (isInternal(type) || !isVisible(type)) {
                return;
            }
            List<JavaType> ancestors = new ArrayList<>(type.getInterfaces());
            type.getSuperclass().ifPresent(ancestors::add);
            type.getTypeParameters().forEach(parameter -> ancestors.addAll(parameter.getUpperBounds()));
            for (JavaType ancestor : ancestors) {
                for (JavaClass raw : ancestor.getAllInvolvedRawTypes()) {
                    if (isInternal(raw.getBaseComponentType())) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is a " + raw.getName()));
                    }
                }
            }
            // Inherited ones as well: users see those of a superclass that is not public.
            for (JavaMember member : type.getAllMembers()) {
                if (!isOurs(member.getOwner())) {
                    continue;
                }
                Set<JavaModifier> modifiers = member.getModifiers();
                if (!modifiers.contains(JavaModifier.PUBLIC) && !modifiers.contains(JavaModifier.PROTECTED)) {
                    continue;
                }
                for (JavaType used : signature(member)) {
                    for (JavaClass raw : used.getAllInvolvedRawTypes()) {
                        if (isInternal(raw.getBaseComponentType())) {
                            events.add(SimpleConditionEvent.violated(
                                    member, member.getFullName() + " exposes " + raw.getName()));
                        }
                    }
                }
            }
        }

        private static boolean isVisible(JavaClass type) {
            return type.getModifiers().contains(JavaModifier.PUBLIC)
                    && type.getEnclosingClass()
                            .map(ExposeNothingInternal::isVisible)
                            .orElse(true);
        }

        private static List<JavaType> signature(JavaMember member) {
            List<JavaType> types = new ArrayList<>();
            if (member instanceof JavaField field) {
                types.add(field.getType());
            } else if (member instanceof JavaCodeUnit code) {
                types.add(code.getReturnType());
                types.addAll(code.getParameterTypes());
                types.addAll(code.getExceptionTypes());
            }
            return types;
        }
    }
}
