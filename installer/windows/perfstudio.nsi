; The set-up of perfstudio for Windows: for one person, without an administrator. Made by windows.py:
;   makensis -DVERSION=0.1.0 -DFROZEN=folder -DICON=file -DOUT=file -DKB=size perfstudio.nsi
Unicode true
!ifdef TARGET
  Target ${TARGET}
!endif
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

Name "perfstudio"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\perfstudio"
InstallDirRegKey HKCU "Software\perfstudio" "Folder"
RequestExecutionLevel user
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
ManifestDPIAware true
BrandingText "perfstudio ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "perfstudio"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "perfstudio set-up"
VIAddVersionKey "LegalCopyright" "GPL-3.0-or-later"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\perfstudio"
!define CLASSES "Software\Classes"
!define APP_ID "perfstudio.perfstudio" ; perfstudio/systems/identity.py
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\perfstudio-window.exe"
!insertmacro MUI_PAGE_LICENSE "${FROZEN}\LICENSE"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Spanish"
LangString RUNS ${LANG_ENGLISH} "perfstudio is open. Close it, then go on."
LangString RUNS ${LANG_GERMAN} "perfstudio ist offen. Schließe es, dann geht es weiter."
LangString RUNS ${LANG_SPANISH} "perfstudio está abierto. Ciérralo y continúa."
LangString PACK ${LANG_ENGLISH} "Pack of prompts"
LangString PACK ${LANG_GERMAN} "Paket mit Szenen"
LangString PACK ${LANG_SPANISH} "Paquete de escenas"
LangString CLIP ${LANG_ENGLISH} "Clip for a partner"
LangString CLIP ${LANG_GERMAN} "Clip für einen Partner"
LangString CLIP ${LANG_SPANISH} "Clip para un compañero"

; A program that runs cannot be replaced: its file is asked for writing, and the person is asked to close it.
!macro WaitUntilClosed un
Function ${un}WaitUntilClosed
  again:
  IfFileExists "$INSTDIR\perfstudio-window.exe" 0 free
  ClearErrors
  FileOpen $0 "$INSTDIR\perfstudio-window.exe" a
  IfErrors 0 shut
  MessageBox MB_RETRYCANCEL|MB_ICONINFORMATION "$(RUNS)" /SD IDCANCEL IDRETRY again
  SetErrorLevel 1
  Quit
  shut:
  FileClose $0
  free:
FunctionEnd
!macroend
!insertmacro WaitUntilClosed ""
!insertmacro WaitUntilClosed "un."

; Everything that an earlier set-up put there, and nothing else, by the list that it left.
!macro RemoveListed un
Function ${un}RemoveListed
  ClearErrors
  FileOpen $0 "$INSTDIR\installed.txt" r
  IfErrors none
  next:
  FileReadUTF16LE $0 $1
  IfErrors done
  StrCpy $1 $1 -2
  IfFileExists "$INSTDIR\$1\*.*" folder
  Delete "$INSTDIR\$1"
  Goto next
  folder:
  RMDir "$INSTDIR\$1"
  Goto next
  done:
  FileClose $0
  none:
  Delete "$INSTDIR\installed.txt"
FunctionEnd
!macroend
!insertmacro RemoveListed ""
!insertmacro RemoveListed "un."

; By this id the task bar knows that a window and its shortcut are one program, and notices carry its name. What
; CreateShortcut has no word for is put into the shortcut that it made (IPropertyStore of a shell link, propkey.h).
!macro Identify link
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
    ${If} $1 P<> 0
    ${AndIf} $2 P<> 0
      ${IPersistFile::Load} $1 '("${link}",${STGM_READWRITE})'
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
      System::Call '*(&w64 "${APP_ID}")p.r4'
      System::Call '*(&i2 ${VT_LPWSTR},&i6 0,p r4,p 0)p.r5'
      ${IPropertyStore::SetValue} $2 '(r3,r5)'
      ${IPropertyStore::Commit} $2 ""
      ${IPersistFile::Save} $1 '("${link}",1)'
      System::Free $5
      System::Free $4
      System::Free $3
    ${EndIf}
    ${If} $2 P<> 0
      ${IUnknown::Release} $2 ""
    ${EndIf}
    ${If} $1 P<> 0
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
!macroend

Section
  SetShellVarContext current
  Call WaitUntilClosed
  Call RemoveListed
  SetOutPath "$INSTDIR"
  File /r "${FROZEN}\*.*"
  File "/oname=installed.txt" "${LISTED}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\perfstudio.lnk" "$INSTDIR\perfstudio-window.exe" "" "$INSTDIR\perfstudio-window.exe"
  !insertmacro Identify "$SMPROGRAMS\perfstudio.lnk"
  WriteRegStr HKCU "Software\perfstudio" "Folder" "$INSTDIR"

  WriteRegStr HKCU "${CLASSES}\perfstudio" "" "URL:perfstudio"
  WriteRegStr HKCU "${CLASSES}\perfstudio" "URL Protocol" ""
  WriteRegStr HKCU "${CLASSES}\perfstudio\DefaultIcon" "" "$INSTDIR\perfstudio-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\perfstudio\shell\open\command" "" '"$INSTDIR\perfstudio-window.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.perfpack" "" "perfstudio.pack"
  WriteRegStr HKCU "${CLASSES}\.perfpack" "Content Type" "application/vnd.perfstudio.pack+zip"
  WriteRegStr HKCU "${CLASSES}\perfstudio.pack" "" "$(PACK)"
  WriteRegStr HKCU "${CLASSES}\perfstudio.pack\DefaultIcon" "" "$INSTDIR\perfstudio-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\perfstudio.pack\shell\open\command" "" '"$INSTDIR\perfstudio-window.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.perfclip" "" "perfstudio.clip"
  WriteRegStr HKCU "${CLASSES}\.perfclip" "Content Type" "application/vnd.perfstudio.clip+zip"
  WriteRegStr HKCU "${CLASSES}\perfstudio.clip" "" "$(CLIP)"
  WriteRegStr HKCU "${CLASSES}\perfstudio.clip\DefaultIcon" "" "$INSTDIR\perfstudio-window.exe,0"
  WriteRegStr HKCU "${CLASSES}\perfstudio.clip\shell\open\command" "" '"$INSTDIR\perfstudio-window.exe" "%1"'

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "perfstudio"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\perfstudio-window.exe,0"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KB}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section Uninstall
  SetShellVarContext current
  Call un.WaitUntilClosed
  Call un.RemoveListed
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\perfstudio.lnk"
  DeleteRegKey HKCU "${CLASSES}\perfstudio"
  DeleteRegKey HKCU "${CLASSES}\.perfpack"
  DeleteRegKey HKCU "${CLASSES}\perfstudio.pack"
  DeleteRegKey HKCU "${CLASSES}\.perfclip"
  DeleteRegKey HKCU "${CLASSES}\perfstudio.clip"
  DeleteRegKey HKCU "${UNINSTALL}"
  DeleteRegKey HKCU "Software\perfstudio"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
