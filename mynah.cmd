@echo off
rem Starts Mynah: finds a JDK, builds what is stale, runs the command. Needs nothing but a JDK 25 or newer.
rem
rem MAVEN_ARGS      arguments for Maven, such as -Pcuda; those of the last build hold until others are set (to have none again, remove target\mynah.built)
rem MYNAH_JAVA_OPTS further flags for the JVM, such as -Xmx8g
rem MYNAH_BROWSER   the Chromium, Chrome or Edge of the browser tests, where it is not in one of the usual places
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "ROOT=%ROOT:~0,-1%"
set "STAMP=%ROOT%\target\mynah.built"
set "LOCK=%ROOT%\target\mynah.lock"
set "CLASSPATH_FILE=%ROOT%\mynah-cli\target\mynah.classpath"
set "ARGUMENTS_FILE=%ROOT%\target\mynah.arguments"
call :find_jdk || exit /b 1

if /i "%~1"=="test" goto :test

call :is_built || call :build || exit /b 1
if not defined GOMP_SPINCOUNT set "GOMP_SPINCOUNT=5000"
rem Beside the weights these need little memory; the usual collector's heap would outgrow them.
set "HEAP="
for %%c in (bench chat generate score) do if "%~1"=="%%c" set "HEAP=-XX:+UseSerialGC -Xms48m -XX:MaxNewSize=32m"
"%JAVA_HOME%\bin\java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 -Dslf4j.internal.verbosity=ERROR "-Dmynah.home=%ROOT%" "-Dmynah.command=%~0" %HEAP% %MYNAH_JAVA_OPTS% "@%ARGUMENTS_FILE%" dev.mynah.cli.Mynah %*
exit /b %ERRORLEVEL%

:test
set "ARGUMENTS="
:next_argument
shift
if "%~1"=="" goto :run_tests
if /i "%~1"=="--help" goto :test_help
if /i "%~1"=="-h" goto :test_help
if /i "%~1"=="--without-browser" (
  echo The browser tests are left out.
  set ARGUMENTS=%ARGUMENTS% -DexcludedGroups=browser
) else (
  set ARGUMENTS=%ARGUMENTS% %1
)
goto :next_argument
:run_tests
if not defined MYNAH_BROWSER call :find_browser
call "%ROOT%\mvnw.cmd" -B -ntp -f "%ROOT%\pom.xml" verify %ARGUMENTS%
exit /b %ERRORLEVEL%
:test_help
echo Usage: mynah test [--without-browser] [ARGUMENT...]
echo Build Mynah and run its tests, those of the web app in Chrome or Edge.
echo       --without-browser   Leave out the tests that need a browser.
echo       ARGUMENT            For Maven, which runs "verify".
exit /b 0

:build
if not exist "%ROOT%\target" mkdir "%ROOT%\target"
:wait
rem One build at a time: whoever makes the folder builds, the others wait.
mkdir "%LOCK%" 2>nul || (
  echo Waiting for another build; if there is none, remove %LOCK% 1>&2
  timeout /t 2 /nobreak >nul
  goto :wait
)
call :is_built && goto :built
if exist "%STAMP%" (
  echo Building Mynah ... 1>&2
) else (
  echo Building Mynah ^(first time: downloads about 200 MB, takes about a minute^) ... 1>&2
)
rem The stamp holds the arguments; those of the last build hold until others are set.
if not defined MAVEN_ARGS if exist "%STAMP%" set /p MAVEN_ARGS=<"%STAMP%"
powershell -NoProfile -Command "[IO.File]::WriteAllText($env:STAMP + '.new', [string]$env:MAVEN_ARGS)"
call "%ROOT%\mvnw.cmd" -B -ntp -q -f "%ROOT%\pom.xml" -pl mynah-cli -am package -Dmaven.test.skip=true 1>&2
if errorlevel 1 (
  rmdir "%LOCK%"
  echo mynah: the build failed; see above 1>&2
  exit /b 1
)
rem The class path is longer than a line of a batch file may be, so the JVM reads it from a file.
powershell -NoProfile -Command "$c = $env:ROOT + '\mynah-cli\target\mynah.jar;' + (Get-Content -LiteralPath $env:CLASSPATH_FILE -Raw).Trim(); Set-Content -LiteralPath $env:ARGUMENTS_FILE -Encoding Default -Value ('-cp', ([char]34 + $c.Replace('\', '/') + [char]34))"
move /y "%STAMP%.new" "%STAMP%" >nul
:built
rmdir "%LOCK%"
exit /b 0

rem Whether the last build is newer than all that it was made of, and was made with the same arguments.
:is_built
if not exist "%STAMP%" exit /b 1
if not exist "%CLASSPATH_FILE%" exit /b 1
if not exist "%ARGUMENTS_FILE%" exit /b 1
powershell -NoProfile -Command "if ($env:MAVEN_ARGS -and $env:MAVEN_ARGS -cne [IO.File]::ReadAllText($env:STAMP)) { exit 1 }; $t = (Get-Item -LiteralPath $env:STAMP).LastWriteTime; Set-Location -LiteralPath $env:ROOT; $s = @('pom.xml', '.mvn') + @(Get-ChildItem -Directory | ForEach-Object { ($_.Name + '\pom.xml'), ($_.Name + '\src\main') } | Where-Object { Test-Path -LiteralPath $_ }); if (@(Get-Item -Force $s) + @(Get-ChildItem $s -Recurse -Force) | Where-Object LastWriteTime -gt $t) { exit 1 }"
exit /b %ERRORLEVEL%

rem Sets JAVA_HOME to the first JDK that is new enough.
:find_jdk
call :use_jdk "%JAVA_HOME%" && exit /b 0
for /f "delims=" %%j in ('where java 2^>nul') do call :use_jdk "%%~dpj.." && exit /b 0
for /d %%j in ("%ProgramFiles%\Java\*" "%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%USERPROFILE%\.jdks\*") do call :use_jdk "%%~j" && exit /b 0
echo mynah: a JDK 25 or newer is needed, and there is none in JAVA_HOME, on the PATH or in the usual folders. Install one: 1>&2
echo   winget install EclipseAdoptium.Temurin.25.JDK, or a download from https://adoptium.net 1>&2
exit /b 1

rem Takes folder %1 as JAVA_HOME if it holds a JDK that is new enough.
:use_jdk
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" exit /b 1
set "VERSION=0"
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "VERSION=%%~v"
for /f "tokens=1 delims=.-+" %%v in ("%VERSION%") do set "MAJOR=%%v"
if %MAJOR% lss 25 exit /b 1
set "JAVA_HOME=%~f1"
exit /b 0

rem Sets MYNAH_BROWSER to Chrome or Edge.
:find_browser
for %%b in ("%ProgramFiles%\Google\Chrome\Application\chrome.exe" "%LocalAppData%\Google\Chrome\Application\chrome.exe" "%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe" "%ProgramFiles%\Microsoft\Edge\Application\msedge.exe") do if exist "%%~b" (
  set "MYNAH_BROWSER=%%~b"
  exit /b 0
)
exit /b 1
