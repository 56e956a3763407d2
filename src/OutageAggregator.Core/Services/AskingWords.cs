using System.Collections.Frozen;

namespace OutageAggregator.Core.Services;

/// <summary>
/// The words with which people ask whether something works, in the languages of the pages and some that are written much: they name no
/// service, so a search does without them. A text that is nothing but a name stays a name: "Now", "On", "Live".
/// <para>
/// It need not be complete, as a word that nobody knows is no veto either; what stands here decides whether "is chatgpt down?" names
/// ChatGPT and nothing else. Japanese, Chinese and Thai write without spaces, German and hashtags join words, and Arabic joins its article:
/// <see cref="Cover"/> tells whether what is left of a joined text only asks.
/// </para>
/// </summary>
internal static class AskingWords
{
    private const string English = """
        a about access accessible account again all already always am an and any anybody anyone app application apps are as at available back bad bank banking
        be been being blocked broke broken bug bugs but by can cannot cant check checker closed com connect connected connecting connection could
        crash crashed crashes crashing currently dead did didn disconnected disconnecting disruption do does doesn doesnt doing don done dont down
        downdetector downtime else error errors every everyone everywhere fail failed failing fails failure failures fault faults fine for freezes
        freezing from frozen functioning get gets getting glitch glitches glitching going gone had has have having help here how http https
        i im in inaccessible incident incidents intermittent is isn isnt issue issues it its just keeps lag lagging laggy lags latest
        load loading loads log logged logging login logout m maintenance may me my near new no not now of off offline on online
        only open opening opens or other our out outage outages page pages please problem problems re reach reachable real reported reports
        responding response right s server servers should showing shut sign signin site sites slow slowly so some
        someone start starting starts status still stopped stuck suddenly t than that the there they this time to today tonight trouble
        troubles unable unavailable unreachable us up update updates use users using ve very was wasn we web webpage website websites were
        what whats when where whether which who why will with won wont work working works worldwide wrong www yet you your
        """;

    private const string Italian = """
        accede accedere accesso adesso aggiornamenti anche ancora apre apri aprono bloccata bloccati bloccato c carica caricano che ci come con
        connessione connette cosa cos da dal del della di disservizi disservizio dove e è entra entrare errore errori esce ferma fermo funge
        funziona funzionano funzionante fuori giù giu gli guasti guasto ha hanno i il in internet invia l la le lenta lente lento lo ma mai
        malfunzionamenti malfunzionamento mi mio manutenzione mia nel non offline oggi o ora perché per più problema problemi quando qualcuno qualche
        rotto rete segnalazione segnalazioni servizio servizi si sito solo sono sta stato succede succedendo su tempo tutti un una uso va
        vanno voi
        """;

    private const string Persian = """
        آیا ارور است اتصال اختلال اختلالات اپ اپلیکیشن اپلیکیشنش از الان الآن امروز امشب اکنون این اینترنت با باز بالا برا برای برامون برنامه بسته به بوده پرید چت چرا چشه
        چطور چطوره چه چی چیست چیه خبر خراب خرابه خرابی خطا خطای خطایی داده دارد دارن دارند داره دارین دان دچار دراومده در دیگه را رفته رو روی سایت
        سرور سرورها سرورهای سرویس شد شده شدن شما عمل فعال فعلا فیلتر فیلتره قطع قطعه قطعی قطعیه قطعش کار کردن کرده کسی کل کلا کند کنده کنه لاگین لود
        ما متصل مسدود مشکل مشکلات مشکلش مشکلی من میشه میشود می شود میاد میره میکند میکنه نداره ندارد نشده نشد نمی نمیاد نمیره نمیشه نمیشود
        نمیکند نمیکنه نمیده نیست نیستش هست هستش هم همه هنوز هنوزم و وب ورود وصل وصله وضع وضعیت یا یه کجا کشور ایران دسترس خارج خارجه
        """;

    private const string Spanish = """
        abre abren abrir acceder acceso actualización ahora algo alguien algún anda andan antes aplicación aún avería averías ayer bien bloqueado
        caída caídas caído caídos caer caen carga cargan cargar cayó con conecta conectar conexión corte cortes cuál cuando cuándo cómo de dónde
        deja desde día el ella en entrar entra error errores es esta está están estado estar este fallando falla fallas fallan fallo fallos fue
        fuera funciona funcionan funcionando funcionar funcione funcionamiento ha hay hoy incidencia incidencias iniciar interrupción internet
        la las lenta lento línea lo los mal mantenimiento me mi mismo muy no nos nuevo otra otro página para pasa pasando pasó por porqué problema
        problemas puede puedo pude qué que quien red saturado se servicio servicios servidor servidores sesión si siguen sigue sin sitio su
        también tengo tiene todavía todos un una va ver y ya yo
        """;

    private const string German = """
        abgestürzt aktuell aktuelle alle allen am an anmelden anmeldung auch auf aus ausfall ausfälle ausfaelle ausgefallen bei beim bin bitte da
        das dem den der die down ein eine einem einen einloggen erreichbar fehler fehlermeldung funktioniert funktionieren für ganz gehen geht
        gehts gerade gesperrt gestört gestern gibt grad großstörung habe haben hat heute hier hängt ich im immer irgendwas ist jemand jetzt kann
        kaputt kein keine keinen klappt kommt komme laden lädt langsam läuft liegt los mal man mein meine mich mir mit moment momentan morgen
        nach nicht nichts nix noch nur nutzer offline oder probleme problem schon sein seine seit seite sich sie sind stimmt störung störungen
        stoerung stoerungen störungsmeldung spinnt startet tot überlastet um und unerreichbar verbinden verbindung verbindungsprobleme von vom
        wann warum was webseite weg wegen weil weiter welche wer werden wie wieder wieso wird wo zu zum zur zurzeit zeit öffnen öffnet
        """;

    private const string French = """
        accéder accès actualité actuellement ai appli application après arrêt aujourd au aussi avec avez bloqué bogue bug bugs bugue ça
        ce cette c charge charger chargement comment connecte connecter connexion coupure coupures cours d dans de depuis des disponible
        du dysfonctionnement elle en encore est état et eu fait fonctionne fonctionnent fonctionner fonctionnement générale hors hs heure hui
        ici il ils impossible inaccessible incident incidents indisponible interruption j je jour l la le lent lente les leur leurs
        ligne m ma mais maintenance maintenant marche marchent marcher mes moi mon moment n ne ni non nous on ont ou où ouvre ouvrir panne pannes
        par pas passe perturbation perturbations peut peux plante planté plus pour pourquoi problème problèmes qu quand quel quelle quelqu que qui
        quoi rame réseau retour s sa sans se serveur serveurs ses si signalement site soir son sont souci soucis soudain statut sur t
        tombé tombée toujours tous tout un une va vous vos votre y
        """;

    private const string Portuguese = """
        abre abrem abrindo abrir acessa acessar acesso acontecendo aconteceu agora ainda alguém algum ao aos aplicativo ar as até atualização
        bug bugado bugou cai caem caindo caiu caíram carrega carregando carregar com como conecta conectar conexão conta consigo consegue da das
        de deu dificuldade do dos deixou e é ela ele em entra entrar entrando erro erros está estão estava eu existe falha falhas falhando
        fora foi funciona funcionam funcionando funcionar funcionou hoje indisponível inoperante instabilidade instabilidades instável isso já
        lenta lento lentidão login mais mas me meu minha muito na nada não nao nas nem nesse neste ninguém no nos o onde ontem os ou para
        parado parou pela pelo por porque porquê pq pra problema problemas qual quando que quê queda quedas quem rede sem será servidor
        servidores serviço serviços seu sistema site só sobre tá tão também tem tendo tenho ter todo todos travado travando tudo um uma vai
        volta voltou você
        """;

    private const string Arabic = """
        ا ال اتصال احد احدث اذا اشتغل اصلاح اعطال اغلاق الى الآن الان الانترنت النت التطبيق الحين الخدمة الخدمه الدخول السيرفر السيرفرات المشكلة المشكله الموقع اليوم الوضع
        انا انقطاع انقطع او اي ايش ايه باقي بال برنامج بسبب بطء بطيء بطئ بعد بعض به بها تحديث تحميل تسجيل تشتغل تطبيق تعطل تعطلت تعليق تعمل تفتح توقف توقفت
        جميع حاليا حالة حاله حجب حد حدث حصل خارج خاص خدمات خدمة خدمه خراب خربان خطأ خلل دخول دلوقتي راح رد سقوط سقط سيرفر سيرفرات شبكة شغال شغاله شغالة شو صيانة ضعيف
        طاح طاحت طايح ضرب عام عامة عالم عالق عالمي عام عطل عطلان عطلانة على عليه عم عن عند عندك عندكم عندي غير فتح فصل فى في فيه قاطع قفل كل كيف لا لماذا لل لم
        له لها ليس ليش ليه ما ماذا مالها مالهم متاح متاحة متصل متعطل متوقف مترجع محجوب محد محظور مدى مرة مره مش مشاكل مشتغل مشكل مشكلة مشكله مشغول مع معطل معطلة معلق
        مغلق مفصول مقطوع مقفل ممكن من مهنج مو موقع نت هاذا هذا هذه هل هلق هنا هو هي و وال واقع واقف واقفة وش وين يحمل يدخل يرسل يشتغل يعلق يعمل يفتح يفصل
        """;

    private const string Turkish = """
        acaba acil açar açık açılıyor açılmadı açılmıyor acilmiyor açılma ağır aksaklık aksama alamıyorum artık arıza arızalı arızası ariza bağlanamıyorum
        bağlanılmıyor bağlanma bağlanmıyor bağlantı baglanti bakım ben bende bi bir bize bozuk bozuldu bu bugün bugun cevap coktu cöktü çevrimdışı çok
        çökme çökmüş çöktü çöküş çalışır çalışıyor calismiyor calisiyor çalışmıyor çalışmama da daki dan de den devam değil diye duran durdu
        düştü düzeldi e engel engeli engellendi engelli erişilemiyor erişim erişime erisim etti eden edilmiyor geldi gelmiyor gidiyor girilemiyor
        girilmiyor girilmiyo girme giremiyorum giriş giris gitmiyor gitti gün güncel hala hata hatası haber herkes herkeste hiç i ı ile
        in ın ün un için internet kapandı kapalı kapatıldı kaldırıldı kesik kesildi kesinti kesintisi kilitlendi mevcut mi mı mu mü mudur
        mıdır midir mesajlar nasıl ne neden nedeni nerede nin nın nun nün niye niçin olan oldu oluyor olmuyor on sadece sayfa sayfası sıkıntı
        site sitesi son sorun sorunlar sorunlu sorunu sorunları şimdi şu su sunucu sunucular sunucuları ta tan te ten u ulaşılamıyor uygulama
        uygulaması ü va var ve ya yavaş yavaşladı yaşanıyor ye yi yı yine yok yoksa yüklenmiyor yuklenmiyor zaman a an anda
        """;

    private const string Polish = """
        aktualnie ale aplikacja aplikacji awaria awarie awarii awarię błąd błędy blad bledy brak był ciągle co coś czemu czy dlaczego do dostępu
        dziala działa działają dzisiaj dziś dzis gdzie i ja jak jest już kiedy kto laduje ładuje leży logowania logowanie logować m mam mi mnie moja
        mój można na nad nie niedostępna niedostępne niedostępny nikt nic o obecnie od odpowiada otwiera otworzyć padł padła padło pada po
        pobiera połączenia połączenie połączyć pod problem problemu problemy problemów przerwa przerwy przestał przez przy rano się sie są serwer
        serwera serwery serwerów siada strona strony sieci ta tak tam te też to tu teraz u usługa usługi usterka usterki w wam was wczoraj
        wczytuje we wejść włącza wolno wolny wszyscy wszystkim wysyła z za zablokowany zalogować zaloguj zawiesza ze zepsuty żeby
        """;

    private const string Japanese = """
        て いる ある あり あった アカウント アクセス アクセスできない アプリ いつ いつから いつまで いま エラー おかしい おち が から か かな これ この サイト サーバ サーバー
        サービス してる してます している しない した する せず さっき ずっと ぜんぜん だけ た だった だれか ダウン ダウン中 つながりにくい つながらない つながる つらい できた できない できなく できる です ですか
        ますか ます まだ また でしょうか で と とか ところ ない なう なぜ なった なってる なっ なに なの なん なんで に の は ば バグ バグった バグってる ひらかない ブラウザ へ まで みれない みんな
        も メンテ メンテナンス メンテ中 や やばい よう よ リアルタイム ログイン ログインできない わけ を ん 一時的 不具合 不通 不安定 中 今 今日 何 何で 何が 使えない 使えなくなった 使えません 使用できない 停止 停止中
        入れない 全国 利用できない 動かない 動作しない 原因 受信できない 固まる 回線 圏外 大丈夫 大規模 対応 対処法 復旧 情報 接続 接続できない 故障 日 昨日 繋がらない 繋がらなく 繋がりにくい 繋がる 最新 本日 止まった 止まってる 止まる 死んだ 死んでる
        治らない 状況 現在 理由 生きてる 発生 発生中 直らない 直った 私だけ 自分だけ 表示されない 見れない 見られない 読み込めない 読み込まない 起動しない 通信 通信できない 通信障害 速報 遅い 遅延 重い 鯖 鯖落ち 開かない 開けない
        閉鎖 障害 障害情報 障害発生 障害中 落ち 落ちた 落ちて 落ちてる 落ちてます 落ちている 落ちました 落ちる 送れない 送信できない 電波 電話 ログ
        """;

    private const string Hindi = """
        अब अभी आज आया आ आई इंटरनेट इस इसे एक एप ऐप एरर और कब कर करता करने करें कल का काम कि की के को कोई कौन क्या क्यूँ क्यूं क्यों कैसे खराब ख़राब खुल खुलता खुला खोल गई गए गया
        चल चला चलता चलना चालू जा जी टूटा ठप ठीक डाउन तक तो था थी दिक्कत दिक्कतें धीमा न नहीं नही ना ने पर परेशानी पे फिर बंद बन्द बहुत भी में मुझे मेरा मेरी मेरे यह या ये रहा रही रहे रुका लॉगिन
        लॉग इन लोड वेबसाइट साइट समय समस्या समस्याएं सब सबका सभी सर्वर से स्लो हम हमारा हाल हुआ हुई हुए है हैं हो होगा होता हूँ हूं स्टेटस नेटवर्क सेवा सेवाएं आउटेज
        aaj ab abhi band chal chalu chal gaya gya h hai hain ho hua hui hogaya ka kaam kab kar karega ke khul khulta ki ko koi kya kyo kyu kyun kyon
        mai me mein mera nahi nahin nai nhi nhin par raha rahi rahe rha rhi se sab thik theek thap tha to toh
        """;

    // Not languages of the pages (yet): Russian, Ukrainian, Dutch, Korean, Chinese, Thai, Indonesian, Vietnamese, Greek, Hebrew, Georgian.
    private const string Others = """
        а блокировка блокировали блокируют был в вход входит войти вчера где глючит грузит грузится для до доступ доступа ещё заблокирован заблокировали завис
        загружается заходит и из или как когда лагает лежит ли меня на не недоступен недоступна недоступно неполадки нет ничего об обвал ограничения
        онлайн опять открывается отключили отключён отправляет отправляются ошибка ошибки перестал по пашет почему приложение проблема проблемы пропал
        работает работают работать с сайт сбой сбои сбоит сегодня сейчас сервер сервера серверы сломался со срочно статус тормозит у упал упала упало
        упали что это я впн без vpn
        або зараз збій збої сьогодні працює працюють чому чи що проблеми лежить не вдалося помилка
        bereikbaar doet doen een er gaat heeft het ik inloggen kapot laadt met mijn niet nu of op plat probleem problemen storing storingen vandaag waarom
        wat weer werk werken werkt wie zijn
        가 가요 거 과 나 나요 는 은 이 을 를 도 의 에 에서 로 와 왜 왜이래 왜이러 요 안 안됨 안돼 안돼요 안되 안되네 안되나요 안됩니다 안되는 오늘 오류 접속 접속불가 접속장애 접속오류 장애 서버 서버다운 다운 먹통 로그인 로그인안됨
        느림 느려 터짐 터졌 터졌나요 문제 지금 상태 점검 앱 사이트 홈페이지 열리지 중단 차단
        不 不了 不能 不能用 了 今天 今日 什么 什麼 出 出问题 出問題 到底 又 发生 吗 嗎 呢 啊 故障 崩 崩了 崩溃 崩潰 打不开 打不開 怎么 怎麼 怎么了 怎么回事 怎麼了 挂 挂了 掛了 无法 無法 无法访问 无法登录 是 是不是 有 服务 服务器 服務器 伺服器 正常 死 没 沒 用不了
        登不上 登不进 登录 登錄 登陆 登入 的 网站 網站 网页 网络 连不上 連不上 连接 问题 問題 错误 錯誤 当机 當機 宕机 官网 恢复 维护 維護 进不去 進不去 現在 现在 为什么 為什麼 是否 壞了 坏了 加载 加载不出来 卡 慢 大规模
        ล่ม ล่มไหม ล่มมั้ย ล่มหรือเปล่า ใช้ไม่ได้ ใช้งานไม่ได้ เข้าไม่ได้ เข้าไม่ได้วันนี้ วันนี้ ตอนนี้ ทำไม เป็นอะไร มีปัญหา ปัญหา ขัดข้อง ไหม มั้ย ไม่ได้ อีกแล้ว หรือ เปล่า เว็บ แอพ แอป ช้า
        ada apa apakah bisa bermasalah buka dibuka eror gangguan ga gak gabisa gk hari ini kenapa lagi lemot masalah mengapa nggak saat sedang tidak
        bị chậm có đang được gì hôm không lỗi mạng máy nay này rồi sao sập tại thế truy cập vào
        από αυτή γιατί δε δεν δουλεύει είναι έπεσε η ή και κολλάει λειτουργεί μου να ο πέσει πρόβλημα προβλήματα σήμερα σύνδεση σφάλμα τι το τα τώρα έχει
        או איך אין את בעיה בעיות היום הוא היא השרת זה יש כרגע לא למה מה נפל נפלה עובד עובדת עכשיו קרס קרסה של תקלה תקלות
        არ არა გათიშულია დღეს პრობლემა რა რატომ მუშაობს მუშაობდა ხდება ჩავარდა
        """;

    private static readonly FrozenSet<string> s_all = string.Join(
            ' ', English, Italian, Persian, Spanish, German, French, Portuguese, Arabic, Turkish, Polish, Japanese, Hindi, Others)
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => NameFolding.Fold(w)).Where(w => w.Length > 0)
        .ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_all.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int s_longest = s_all.Max(w => w.Length);

    /// <param name="folded">One word, folded.</param>
    internal static bool Contain(ReadOnlySpan<char> folded) => s_lookup.Contains(folded);

    /// <summary>
    /// For each place in a text, whether all that stands before it (or behind it) is nothing but such words joined.
    /// </summary>
    /// <param name="folded">A text, folded.</param>
    /// <param name="shortest">Words of fewer letters are not taken for such.</param>
    /// <param name="behind">False for what stands before a place, true for what stands behind it.</param>
    internal static bool[] Cover(ReadOnlySpan<char> folded, int shortest, bool behind)
    {
        var covered = new bool[folded.Length + 1];
        covered[behind ? folded.Length : 0] = true;
        for (var done = 0; done < folded.Length; done++)
        {
            var at = behind ? folded.Length - done : done;
            for (var length = shortest; covered[at] && length <= Math.Min(s_longest, folded.Length - done); length++)
            {
                var from = behind ? at - length : at;
                if (Contain(folded.Slice(from, length)))
                    covered[behind ? from : from + length] = true;
            }
        }
        return covered;
    }
}
